import type { Recording } from './recording.js';
import { hashText } from './stable-random.js';
import type { Taste } from './taste.js';

/** A corner of the user's taste: one trait and those that go with it. */
export interface TasteCluster {
  /** What it is called: a genre, or a decade such as `1990s`. */
  seed: string;
  /** How much each trait belongs to it, the seed 1. */
  members: ReadonlyMap<string, number>;
}

const JOINED = 0.6;
const RELATED = 0.25;
const TRAITS_PER_ARTIST = 12;

/** What a recording is sorted into clusters by: its genres, or without any its decade. */
function traitsOf(recording: Recording): readonly string[] {
  if (recording.genres.length > 0) return recording.genres;
  const year = recording.song.year;
  return year !== null && year > 1800 && year < 2200 ? [`${Math.floor(year / 10) * 10}s`] : [];
}

/**
 * The strongest corners of the user's taste by slot, at most `slots` of them; null for a slot that is left over.
 * Traits that the same artists carry are one corner. Weights count by steps of two and corners keep their slot by
 * their name, so that one song that comes or goes does not make close corners change places.
 */
export function findClusters(
  recordings: readonly Recording[],
  taste: Taste,
  slots: number,
): (TasteCluster | null)[] {
  const weights = new Map<string, number>();
  const carriers = new Map<string, Map<string, number>>();
  recordings.forEach((recording, index) => {
    const artist = recording.artist ?? recording.key;
    const traits = carriers.get(artist) ?? new Map<string, number>();
    carriers.set(artist, traits);
    for (const trait of traitsOf(recording)) {
      weights.set(trait, (weights.get(trait) ?? 0) + 0.1 + taste.liking[index]!);
      traits.set(trait, (traits.get(trait) ?? 0) + 1);
    }
  });
  const together = cooccurrence(carriers);
  const clusters: TasteCluster[] = [];
  for (const seed of strongestFirst(weights)) {
    if (clusters.length === slots) break;
    if (clusters.some((cluster) => (cluster.members.get(seed) ?? 0) >= JOINED)) continue;
    const members = new Map([[seed, 1]]);
    for (const [trait, strength] of together.get(seed) ?? []) {
      if (strength >= RELATED) members.set(trait, strength);
    }
    clusters.push({ seed, members });
  }
  return seat(clusters, slots);
}

function strongestFirst(weights: ReadonlyMap<string, number>): string[] {
  return [...weights]
    .map(([trait, weight]) => ({ trait, step: Math.round(Math.log2(weight)), hash: hashText(trait) }))
    .sort((a, b) => b.step - a.step || a.hash - b.hash || (a.trait < b.trait ? -1 : 1))
    .map(({ trait }) => trait);
}

/** Gives each cluster the free slot that its name draws highest, the highest draw of all first. */
function seat(clusters: readonly TasteCluster[], slots: number): (TasteCluster | null)[] {
  const used = Array.from({ length: Math.min(slots, clusters.length) }, (_, slot) => slot);
  const draws = clusters
    .flatMap((cluster) => used.map((slot) => ({ cluster, slot, draw: hashText(`${cluster.seed}|${slot}`) })))
    .sort((a, b) => b.draw - a.draw);
  const seats = new Map<number, TasteCluster>();
  const seated = new Set<TasteCluster>();
  for (const { cluster, slot } of draws) {
    if (seats.has(slot) || seated.has(cluster)) continue;
    seats.set(slot, cluster);
    seated.add(cluster);
  }
  return Array.from({ length: slots }, (_, slot) => seats.get(slot) ?? null);
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
function cooccurrence(
  carriers: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Map<string, Map<string, number>> {
  const alone = new Map<string, number>();
  const both = new Map<string, Map<string, number>>();
  const addPair = (a: string, b: string): void => {
    const row = both.get(a) ?? new Map<string, number>();
    both.set(a, row);
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
