import type { Feel } from './energy.js';
import type { Recording } from './recording.js';
import { likingOf, type Taste } from './taste.js';

const DAY_MS = 86_400_000;
/** A recording added this recently counts as new. */
const NEW_DAYS = 30;
/** From this on an artist or a genre counts as liked, in words. */
const LIKED = 0.3;

/** Whether a recording came to the library in the month before `until`. */
export function isNew(recording: Recording, until: number): boolean {
  return recording.addedAt !== null && until - recording.addedAt < NEW_DAYS * DAY_MS;
}

/**
 * Why a recording stands on a list, as one sentence: `fits` says why it belongs there, the rest is what the user has
 * shown of it until the moment `until`.
 */
export function pickSentence(
  recording: Recording,
  { fits, taste, until }: { fits: string; taste: Taste; until: number },
): string {
  const words = [fits];
  if (recording.starred) words.push('starred');
  if (recording.rating >= 3) words.push(`rated ${recording.rating} of 5`);
  if (recording.plays >= 3) words.push(`played ${times(recording.plays)}`);
  if (likingOf(recording) < 0.5) words.push(...likedAround(recording, taste, fits));
  const pause = pauseSince(recording.lastPlayedAt, until);
  if (pause !== null) words.push(`not heard for ${pause}`);
  if (isNew(recording, until)) words.push('new in the library');
  return sentence(words);
}

/** `Calm, starred, played twice.` */
function sentence(words: readonly string[]): string {
  const text = [...new Set(words)].join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** A song's feel in a word: `calm (energy 0.32)`. */
export function feelInWords({ energy }: Feel): string {
  const word = energyWords.find(([below]) => energy < below)?.[1] ?? 'wild';
  return `${word} (energy ${energy.toFixed(2)})`;
}

const energyWords: readonly (readonly [below: number, word: string])[] = [
  [0.2, 'very calm'],
  [0.4, 'calm'],
  [0.55, 'easy-going'],
  [0.7, 'lively'],
  [0.85, 'energetic'],
];

/** `once`, `twice`, `7 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}

function likedAround(recording: Recording, taste: Taste, said: string): string[] {
  const artist = recording.artist === null ? 0 : (taste.artists.get(recording.artist) ?? 0);
  if (artist >= LIKED) return ['by an artist you like'];
  const genre = recording.genres.find((name) => (taste.genres.get(name) ?? 0) >= LIKED);
  return genre === undefined || said.includes(genre) ? [] : [`${genre} like much that you play`];
}

/** Null for less than two months, and for never. */
function pauseSince(lastPlayedAt: number | null, until: number): string | null {
  if (lastPlayedAt === null) return null;
  const months = Math.floor((until - lastPlayedAt) / (30 * DAY_MS));
  if (months < 2) return null;
  return months < 24 ? `${months} months` : `${Math.floor(months / 12)} years`;
}
