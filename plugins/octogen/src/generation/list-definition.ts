import type { DayPeriod } from './day-period.js';

/** What a mood asks of a song's feel; figures from 0 to 1. */
export interface Mood {
  /** In words. */
  about: string;
  /** The energy that fits best. */
  energy: number;
  /** Songs whose known energy is farther than this from it are not in the mood. */
  tolerance: number;
  /** How much voices disturb. */
  instrumental: number;
}

/** A list to be made: what it is called, how long it is meant to be, and what belongs on it. */
export interface ListDefinition {
  name: string;
  /** Songs wanted. */
  size: number;
  content:
    | { kind: 'discovery' }
    /** `slot` counts the corners of the user's taste from 0. */
    | { kind: 'mix'; slot: number }
    | { kind: 'mood'; mood: Mood };
  /** Set for the list of one part of the day. */
  period: DayPeriod | null;
}

export interface ListSizes {
  discovery: number;
  /** Daily mixes and moods. */
  songs: number;
  timeOfDay: number;
}

export const MIX_COUNT = 6;

const mixName = (slot: number): string => `Daily Mix ${slot + 1}`;

const moods: Readonly<Record<string, Mood>> = {
  'Chill Vibes': { about: 'calm songs to lean back to', energy: 0.27, tolerance: 0.25, instrumental: 0.1 },
  'Workout Energy': {
    about: 'fast and loud songs that drive you on',
    energy: 0.9,
    tolerance: 0.25,
    instrumental: 0,
  },
  'Focus Flow': {
    about: 'even, mostly instrumental songs that do not distract',
    energy: 0.35,
    tolerance: 0.3,
    instrumental: 0.5,
  },
  'Drive Time': { about: 'lively songs for the road', energy: 0.7, tolerance: 0.22, instrumental: 0 },
};

const periods: Readonly<Record<DayPeriod, { name: string; mood: Mood }>> = {
  morning: {
    name: 'Morning Mix',
    mood: { about: 'bright songs to start the day', energy: 0.7, tolerance: 0.35, instrumental: 0 },
  },
  afternoon: {
    name: 'Afternoon Flow',
    mood: {
      about: 'songs that keep the day flowing, neither calm nor loud',
      energy: 0.55,
      tolerance: 0.35,
      instrumental: 0,
    },
  },
  evening: {
    name: 'Evening Chill',
    mood: { about: 'easy songs to end the day with', energy: 0.38, tolerance: 0.32, instrumental: 0.05 },
  },
  night: {
    name: 'Night Vibes',
    mood: { about: 'very calm songs for the night', energy: 0.2, tolerance: 0.3, instrumental: 0.2 },
  },
};

/** The name of a period's list. */
export function periodListName(period: DayPeriod): string {
  return periods[period].name;
}

/** Every name a list can have, in the order lists are made. */
export const listNames: readonly string[] = [
  'Discovery',
  ...Array.from({ length: MIX_COUNT }, (_, slot) => mixName(slot)),
  ...Object.keys(moods),
  ...Object.values(periods).map((period) => period.name),
];

/** The lists of one run; `period` adds the list of that part of the day. */
export function defineLists(sizes: ListSizes, period: DayPeriod | null): ListDefinition[] {
  const lists: ListDefinition[] = [
    { name: 'Discovery', size: sizes.discovery, content: { kind: 'discovery' }, period: null },
  ];
  for (let slot = 0; slot < MIX_COUNT; slot++) {
    lists.push({ name: mixName(slot), size: sizes.songs, content: { kind: 'mix', slot }, period: null });
  }
  for (const [name, mood] of Object.entries(moods)) {
    lists.push({ name, size: sizes.songs, content: { kind: 'mood', mood }, period: null });
  }
  if (period) {
    const { name, mood } = periods[period];
    lists.push({ name, size: sizes.timeOfDay, content: { kind: 'mood', mood }, period });
  }
  return lists;
}

/**
 * Which lists a library too small for all of them gets first: one to enjoy, one to explore, one for now, the moods,
 * the further mixes.
 */
export function importance(list: ListDefinition): number {
  if (list.content.kind === 'mix') return list.content.slot === 0 ? 0 : 10 + list.content.slot;
  if (list.content.kind === 'discovery') return 1;
  return list.period ? 2 : 3;
}
