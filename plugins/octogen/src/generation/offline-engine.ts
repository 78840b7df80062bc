import { findFeels } from './feels.js';
import { judgeFor } from './judge.js';
import { letOthersRun } from './let-others-run.js';
import type { ListDefinition } from './list-definition.js';
import { MIX_COUNT } from './list-definition.js';
import { orderByScore } from './order-by-score.js';
import { pickSentence } from './pick-sentence.js';
import type { RankedList } from './ranked-list.js';
import type { Recording } from './recording.js';
import { chance, hashText } from './stable-random.js';
import { learnTaste, neighbourhood } from './taste.js';
import { findClusters } from './taste-clusters.js';

export interface OfflineInput {
  recordings: readonly Recording[];
  lists: readonly ListDefinition[];
  /** The local date, `2026-11-21`. */
  day: string;
  seed: number;
}

/** The parts of a score, each 0 to 1, with their weight in the sum. */
const weights = { fit: 0.42, taste: 0.28, freshness: 0.1, variety: 0.2 } as const;

type Parts = Record<keyof typeof weights, number>;

const DAY_MS = 86_400_000;
/** A song played just now comes back to full freshness by 1 − e^(−days/this). */
const FRESHNESS_DAYS = 10;

/**
 * Ranks the library for each list from tags, ratings, stars, plays and dates alone. Pure: the same recordings, lists,
 * day and seed give the same ranking, and a song's score depends on others only through what the user likes.
 */
export async function rankOffline(input: OfflineInput): Promise<RankedList[]> {
  const taste = learnTaste(input.recordings);
  const clusters = findClusters(input.recordings, taste, MIX_COUNT);
  const feels = findFeels(input.recordings);
  const around = Float64Array.from(input.recordings, (recording) => neighbourhood(taste, recording));
  const hashes = Int32Array.from(input.recordings, (recording) => hashText(recording.key));
  // The end of the day, so that the age of a play is the same for all runs of one day.
  const until = Date.parse(`${input.day}T00:00:00Z`) + DAY_MS;

  const rank = (definition: ListDefinition): RankedList => {
    const judge = judgeFor(definition, { ...input, taste, clusters, feels, around, until });
    const listHash = hashText(`${input.seed}|${input.day}|${definition.name}`);
    const partsOf = (index: number): Parts | null => {
      const recording = input.recordings[index]!;
      const judged = judge.judge(recording, index);
      if (!judged) return null;
      return {
        ...judged,
        freshness: freshness(recording, until),
        variety: chance(hashes[index]!, listHash),
      };
    };
    const scores = new Float64Array(input.recordings.length);
    const fitting: number[] = [];
    for (let index = 0; index < input.recordings.length; index++) {
      const parts = partsOf(index);
      if (!parts) continue;
      scores[index] = total(parts);
      fitting.push(index);
    }
    const order = orderByScore(fitting, scores);
    return {
      definition,
      order,
      scores,
      about: judge.about,
      explain(index) {
        const recording = input.recordings[index]!;
        const parts = partsOf(index) ?? { fit: 0, taste: 0, freshness: 0, variety: 0 };
        return {
          source: 'offline',
          score: round(total(parts)),
          parts: mapParts(parts),
          text: pickSentence(recording, { fits: judge.word(recording, index), taste, until }),
        };
      },
    };
  };
  const ranked: RankedList[] = [];
  for (const definition of input.lists) {
    ranked.push(rank(definition));
    await letOthersRun();
  }
  return ranked;
}

function freshness(recording: Recording, until: number): number {
  if (recording.lastPlayedAt === null) return 1;
  const days = Math.max(0, (until - recording.lastPlayedAt) / DAY_MS);
  return 1 - Math.exp(-days / FRESHNESS_DAYS);
}

function total(parts: Parts): number {
  return (
    weights.fit * parts.fit +
    weights.taste * parts.taste +
    weights.freshness * parts.freshness +
    weights.variety * parts.variety
  );
}

function mapParts(parts: Parts): Parts {
  return {
    fit: round(parts.fit * weights.fit),
    taste: round(parts.taste * weights.taste),
    freshness: round(parts.freshness * weights.freshness),
    variety: round(parts.variety * weights.variety),
  };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
