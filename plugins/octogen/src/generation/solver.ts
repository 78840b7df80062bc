import { importance, type ListDefinition } from './list-definition.js';
import type { RankedList } from './ranked-list.js';
import { isLowRated, type Recording, workOf } from './recording.js';
import { spaceArtists } from './spacing.js';

/** What every list of a run keeps to. */
export interface ListRules {
  /** Songs of one artist on one list; songs whose artist nobody knows do not count. */
  maxPerArtist: number;
  /** Songs of one album on one list. */
  maxPerAlbum: number;
  /** Other songs between two of one artist, as far as the list allows. */
  artistSpacing: number;
  /** Longer songs are left out, in milliseconds. */
  maxSongMs: number;
}

export interface SolvedList {
  definition: ListDefinition;
  /** Indices of recordings, in playing order. */
  picks: number[];
  /** Why there are fewer songs than the list should have; null when it is full. */
  short: string | null;
}

export interface Solution {
  lists: SolvedList[];
  /** Times that a recording wanted by two lists was kept from the second. */
  duplicatesPrevented: number;
}

/** A library too small for all lists makes fewer ones, each with at least this many songs. */
const USEFUL_LENGTH = 5;

/**
 * Chooses the songs of all lists at once. The best pair of song and list comes first, over all lists together, so a
 * song goes where it fits best, and one that comes or goes moves only the songs it competes with. No recording stands
 * in two lists, no two versions of a song in one, none rated one or two stars in any.
 */
export function solveLists(
  recordings: readonly Recording[],
  ranked: readonly RankedList[],
  rules: ListRules,
): Solution {
  const usable = recordings.map((recording) => isUsable(recording, rules));
  const supply = usable.filter(Boolean).length;
  const quotas = shareOut(ranked, supply);
  const drafts = ranked.map((list, place) => new Draft(list, place, quotas[place]!, recordings, rules));
  const taken = new Int32Array(recordings.length).fill(-1);

  fill(drafts, usable, taken);
  // What the shares left over goes to whoever still has room.
  for (const draft of drafts) if (draft.quota > 0) draft.reopen(draft.list.definition.size);
  fill(drafts, usable, taken);

  return {
    lists: drafts.map((draft) => ({
      definition: draft.list.definition,
      picks: spaceArtists(
        draft.picks.sort((a, b) => draft.list.scores[b]! - draft.list.scores[a]! || a - b),
        (index) => recordings[index]!.artist,
        rules.artistSpacing,
      ),
      short: shortReason(draft, drafts, supply, rules),
    })),
    duplicatesPrevented: drafts.reduce((sum, draft) => sum + draft.wantedByOthers.size, 0),
  };
}

function isUsable(recording: Recording, rules: ListRules): boolean {
  if (isLowRated(recording)) return false;
  return recording.song.durationMs === null || recording.song.durationMs <= rules.maxSongMs;
}

/** How many songs each list may take: its size, or a fair share where the library cannot fill all of them. */
function shareOut(ranked: readonly RankedList[], supply: number): number[] {
  const sizes = ranked.map((list) => list.definition.size);
  const wanted = sizes.reduce((sum, size) => sum + size, 0);
  if (supply >= wanted) return sizes;
  const affordable = Math.max(1, Math.floor(supply / USEFUL_LENGTH));
  const served = ranked
    .map((list, place) => ({ place, size: sizes[place]!, rank: importance(list.definition) }))
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .slice(0, affordable);
  const servedSize = served.reduce((sum, list) => sum + list.size, 0);
  const quotas = sizes.map(() => 0);
  for (const { place, size } of served) {
    const share = Math.floor((size * supply) / servedSize);
    quotas[place] = Math.min(size, Math.max(Math.min(USEFUL_LENGTH, supply), share));
  }
  return quotas;
}

/** One list while it is being filled. */
class Draft {
  readonly list: RankedList;
  readonly place: number;
  readonly picks: number[] = [];
  /** Recordings that this list would have taken, had another not been better. */
  readonly wantedByOthers = new Set<number>();
  /** Recordings refused by the limit of their artist or album. */
  readonly limited = { artist: new Set<number>(), album: new Set<number>() };
  /** Songs it may hold for now: its share first, then as many as it wants. */
  quota: number;
  /** Songs that are its own of a library too small for all lists. */
  readonly share: number;
  #at = 0;
  readonly #artists = new Map<string, number>();
  readonly #albums = new Map<string, number>();
  readonly #works = new Set<string>();
  readonly #recordings: readonly Recording[];
  readonly #rules: ListRules;

  constructor(
    list: RankedList,
    place: number,
    share: number,
    recordings: readonly Recording[],
    rules: ListRules,
  ) {
    this.list = list;
    this.place = place;
    this.quota = share;
    this.share = share;
    this.#recordings = recordings;
    this.#rules = rules;
  }

  /** The next recording to be considered; undefined when full or through. */
  get head(): number | undefined {
    if (this.picks.length >= this.quota) return undefined;
    return this.list.order[this.#at];
  }

  skip(): void {
    this.#at++;
  }

  reopen(quota: number): void {
    this.quota = quota;
    this.#at = 0;
  }

  /** Takes the recording unless a limit forbids it. */
  take(index: number): boolean {
    const recording = this.#recordings[index]!;
    const { artist, album } = recording;
    if (artist !== null && (this.#artists.get(artist) ?? 0) >= this.#rules.maxPerArtist) {
      this.limited.artist.add(index);
      return false;
    }
    if (album !== null && (this.#albums.get(album) ?? 0) >= this.#rules.maxPerAlbum) {
      this.limited.album.add(index);
      return false;
    }
    const work = workOf(recording);
    if (this.#works.has(work)) return false;
    if (artist !== null) this.#artists.set(artist, (this.#artists.get(artist) ?? 0) + 1);
    if (album !== null) this.#albums.set(album, (this.#albums.get(album) ?? 0) + 1);
    this.#works.add(work);
    this.picks.push(index);
    return true;
  }
}

/** Merges the lists' orders by score and hands out each recording once. */
function fill(drafts: readonly Draft[], usable: readonly boolean[], taken: Int32Array): void {
  for (;;) {
    let best: Draft | undefined;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const draft of drafts) {
      const head = draft.head;
      if (head === undefined) continue;
      const score = draft.list.scores[head]!;
      if (score > bestScore) [best, bestScore] = [draft, score];
    }
    if (!best) return;
    const index = best.head!;
    best.skip();
    if (!usable[index]) continue;
    if (taken[index] !== -1) {
      if (taken[index] !== best.place) best.wantedByOthers.add(index);
      continue;
    }
    if (best.take(index)) taken[index] = best.place;
  }
}

function shortReason(
  draft: Draft,
  drafts: readonly Draft[],
  supply: number,
  rules: ListRules,
): string | null {
  const { size } = draft.list.definition;
  const missing = size - draft.picks.length;
  if (missing <= 0) return null;
  if (supply === 0) return 'the library has no songs that may be used';
  const made = drafts.filter((other) => other.quota > 0).length;
  if (draft.quota === 0)
    return `the library's ${songs(supply)} are enough for ${made} of ${drafts.length} lists`;
  const fitting = draft.list.order.length;
  if (fitting < size) return `only ${songs(fitting)} of the library fit this list`;
  if (draft.share < size && draft.picks.length >= draft.share)
    return `${made} lists share the library's ${songs(supply)}, and none stands on two`;
  const { artist, album } = draft.limited;
  if (artist.size + album.size + draft.wantedByOthers.size === 0) {
    return 'the other songs that fit are versions of songs on this list';
  }
  const others = draft.wantedByOthers.size;
  if (artist.size >= Math.max(album.size, others)) {
    return `the limit of ${songs(rules.maxPerArtist)} per artist keeps ${songs(artist.size)} out`;
  }
  if (album.size >= others)
    return `the limit of ${songs(rules.maxPerAlbum)} per album keeps ${songs(album.size)} out`;
  return `${songs(others)} that fit stand on other lists, and none stands on two`;
}

function songs(count: number): string {
  return count === 1 ? '1 song' : `${count} songs`;
}
