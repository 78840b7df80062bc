import type { Recording } from './recording.js';
import type { Taste } from './taste.js';

/** A corner of the user's taste: one trait and those that go with it. */
export interface TasteCluster {
  /** What it is called: a genre, a decade such as `1990s`, or an artist. */
  seed: string;
  /** How much each trait belongs to it, the seed 1. */
  members: ReadonlyMap<string, number>;
}

const JOINED = 0.6;
const RELATED = 0.25;
const TRAITS_PER_ARTIST = 12;

/**
 * What a recording is sorted into clusters by: its genres; without any its decade; without that its artist.
 */
export function traitsOf(recording: Recording): readonly string[] {
  if (recording.genres.length > 0) return recording.genres;
  const year = recording.song.year;
  if (year !== null && year > 1800 && year < 2200) return [`${Math.floor(year / 10) * 10}s`];
  return recording.artist === null ? [] : [recording.artist];
}

/**
 * The strongest corners of the user's taste, at most `count`, strongest first. Traits that the same artists carry are
 * one corner. Weights are compared by steps of √2 and then by name, so that close ones do not change places with
 * every song that comes or goes.
 */
export function findClusters(recordings: readonly Recording[], taste: Taste, count: number): TasteCluster[] {
  const weights = new Map<string, number>();
  const carriers = new Map<string, Map<string, number>>();
  recordings.forEach((recording, index) => {
    const weight = 0.1 + taste.liking[index]!;
    const artist = recording.artist ?? recording.key;
    let traits = carriers.get(artist);
    if (!traits) carriers.set(artist, (traits = new Map()));
    for (const trait of traitsOf(recording)) {
      weights.set(trait, (weights.get(trait) ?? 0) + weight);
      traits.set(trait, (traits.get(trait) ?? 0) + 1);
    }
  });
  const together = cooccurrence(carriers);
  const steps = new Map([...weights].map(([trait, weight]) => [trait, Math.round(2 * Math.log2(weight))]));
  const strongest = [...weights.keys()].sort(
    (a, b) => steps.get(b)! - steps.get(a)! || (a < b ? -1 : 1),
  );
  const clusters: TasteCluster[] = [];
  for (const seed of strongest) {
    if (clusters.length === count) break;
    if (clusters.some((cluster) => (cluster.members.get(seed) ?? 0) >= JOINED)) continue;
    const members = new Map([[seed, 1]]);
    for (const [trait, strength] of together.get(seed) ?? []) {
      if (strength >= RELATED) members.set(trait, strength);
    }
    clusters.push({ seed, members });
  }
  return clusters;
}

/** How much a recording belongs to a cluster, 0 to 1. */
export function belonging(cluster: TasteCluster, recording: Recording): number {
  let best = 0;
  traitsOf(recording).forEach((trait, position) => {
    const strength = (cluster.members.get(trait) ?? 0) * (position === 0 ? 1 : 0.85);
    if (strength > best) best = strength;
  });
  return best;
}

/** Cosine of two traits over the artists that carry them. */
function cooccurrence(carriers: ReadonlyMap<string, ReadonlyMap<string, number>>): Map<string, Map<string, number>> {
  const alone = new Map<string, number>();
  const both = new Map<string, Map<string, number>>();
  const addPair = (a: string, b: string): void => {
    let row = both.get(a);
    if (!row) both.set(a, (row = new Map()));
    row.set(b, (row.get(b) ?? 0) + 1);
  };
  for (const traits of carriers.values()) {
    const main = [...traits]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, TRAITS_PER_ARTIST)
      .map(([trait]) => trait);
    for (const a of main) {
      alone.set(a, (alone.get(a) ?? 0) + 1);
      for (const b of main) if (a !== b) addPair(a, b);
    }
  }
  for (const [a, row] of both) {
    for (const [b, shared] of row) row.set(b, shared / Math.sqrt(alone.get(a)! * alone.get(b)!));
  }
  return both;
}
