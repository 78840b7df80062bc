import type { ListDefinition } from './list-definition.js';

/** Who proposed a song. */
export const pickSources = ['offline', 'model', 'user'] as const;

export type PickSource = (typeof pickSources)[number];

/** Why a song stands on a list. */
export interface PickReason {
  source: PickSource;
  /** What the songs of this list were ordered by; comparable within one list only. */
  score: number;
  /** What the score is made of. */
  parts: Readonly<Record<string, number>>;
  /** In words. */
  text: string;
}

/** Everything that may go on one list, best first. Recordings are named by their index. */
export interface RankedList {
  definition: ListDefinition;
  /** Those that fit, best first. */
  order: Int32Array;
  /** Score by recording, for all of `order`. */
  scores: Float64Array;
  /** What the list is about, in words. */
  about: string;
  explain(recording: number): PickReason;
}
