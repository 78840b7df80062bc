import type { Song } from '../library/song.js';
import type { ListDefinition } from './list-definition.js';
import { rankOffline } from './offline-engine.js';
import type { PickReason, RankedList } from './ranked-list.js';
import { collectRecordings, type Recordings } from './recording.js';
import { type ListRules, solveLists } from './solver.js';
import { isUnlisted } from './unlisted.js';

/** A song on its place in a list, and why. */
export interface PlannedSong {
  song: Song;
  reason: PickReason;
}

/** A list as it ought to be on the server. */
export interface PlannedList {
  name: string;
  definition: ListDefinition;
  /** What the list is about, in words. */
  about: string;
  songs: PlannedSong[];
  /** Why it has fewer songs than wanted; null when full. */
  short: string | null;
}

export interface Plan {
  lists: PlannedList[];
  /** Songs left out as rated one or two stars. */
  lowRated: number;
  /** Songs left out as further copies of a recording. */
  copies: number;
  duplicatesPrevented: number;
}

export interface RankInput {
  songs: readonly Song[];
  lists: readonly ListDefinition[];
  /** The local date, `2026-11-21`. */
  day: string;
  seed: number;
}

/** The library as the lists see it, before songs are chosen: where another engine's proposals come in. */
export interface Ranking extends Recordings {
  ranked: RankedList[];
}

/** Ranks the library for each list. Pure: equal input gives an equal ranking, in whatever order the songs come. */
export async function rankLibrary(input: RankInput): Promise<Ranking> {
  const recordings = await collectRecordings(input.songs.filter((song) => !isUnlisted(song, input.day)));
  const ranked = await rankOffline({
    recordings: recordings.items,
    lists: input.lists,
    day: input.day,
    seed: input.seed,
  });
  return { ...recordings, ranked };
}

/** Chooses and orders the songs of every list. Pure. */
export function planLists({ items, lowRated, copies, ranked }: Ranking, rules: ListRules): Plan {
  const solution = solveLists(items, ranked, rules);
  return {
    lists: solution.lists.map((list, place) => ({
      name: list.definition.name,
      definition: list.definition,
      about: ranked[place]!.about,
      songs: list.picks.map((index) => ({ song: items[index]!.song, reason: ranked[place]!.explain(index) })),
      short: list.short,
    })),
    lowRated,
    copies,
    duplicatesPrevented: solution.duplicatesPrevented,
  };
}
