import { type Feel, feelOf } from './energy.js';
import { letOthersRun } from './let-others-run.js';
import type { ListDefinition, Mood } from './list-definition.js';
import { MIX_COUNT } from './list-definition.js';
import { orderByScore } from './order-by-score.js';
import type { RankedList } from './ranked-list.js';
import type { Recording } from './recording.js';
import { chance, hashText } from './stable-random.js';
import { learnTaste, likingOf, neighbourhood, type Taste } from './taste.js';
import { belonging, findClusters, type TasteCluster } from './taste-clusters.js';

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
/** A recording added this recently counts as new. */
const NEW_DAYS = 30;

/**
 * Ranks the library for each list from tags, ratings, stars, plays and dates alone. Pure: the same recordings, lists,
 * day and seed give the same ranking, and a song's score depends on others only through what the user likes.
 */
export async function rankOffline(input: OfflineInput): Promise<RankedList[]> {
  const taste = learnTaste(input.recordings);
  const clusters = findClusters(input.recordings, taste, MIX_COUNT);
  const feels = input.recordings.map((recording) =>
    feelOf({ genres: recording.genres, bpm: recording.song.bpm, title: recording.song.title }),
  );
  const around = Float64Array.from(input.recordings, (recording) => neighbourhood(taste, recording));
  const hashes = Int32Array.from(input.recordings, (recording) => hashText(recording.key));
  // The end of the day, so that the age of a play is the same for all runs of one day.
  const until = Date.parse(`${input.day}T00:00:00Z`) + DAY_MS;

  const rank = (definition: ListDefinition): RankedList => {
    const judge = judgeFor(definition, { taste, clusters, feels, around, until });
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
          text: describe(recording, judge.word(recording, index), taste, until),
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

interface Judge {
  about: string;
  /** How well a recording fits, and how much it is to the user's taste; null where it does not belong at all. */
  judge(recording: Recording, index: number): { fit: number; taste: number } | null;
  /** Why it fits, in words. */
  word(recording: Recording, index: number): string;
}

interface Knowledge {
  taste: Taste;
  clusters: readonly (TasteCluster | null)[];
  feels: readonly (Feel | null)[];
  around: Float64Array;
  until: number;
}

function judgeFor(definition: ListDefinition, known: Knowledge): Judge {
  const { content } = definition;
  if (content.kind === 'discovery') return discoveryJudge(known);
  if (content.kind === 'mood') return moodJudge(content.mood, known);
  const cluster = known.clusters[content.slot];
  return cluster ? mixJudge(cluster, known) : blendJudge(known);
}

function discoveryJudge({ taste, around, until }: Knowledge): Judge {
  return {
    about: 'songs you have rarely or never played, close to what you like',
    judge(recording, index) {
      if (recording.starred || recording.rating >= 4) return null;
      const unknown = 1 / (1 + recording.plays);
      const added = isNew(recording, until) ? 0.15 : 0;
      // Without any sign of taste every unplayed song is as good as the next.
      const near = taste.known ? around[index]! : 0.5;
      return { fit: Math.min(1, unknown * (0.35 + 0.65 * near) + added), taste: near };
    },
    word: (recording) => (recording.plays === 0 ? 'never played' : `played ${times(recording.plays)} so far`),
  };
}

function mixJudge(cluster: TasteCluster, { taste, around }: Knowledge): Judge {
  return {
    about: cluster.seed,
    judge(recording, index) {
      const share = belonging(cluster, recording);
      // Songs from outside may fill a mix whose own corner is too small, behind those that belong to it.
      return { fit: share === 0 ? 0 : 0.5 + 0.5 * share, taste: pull(taste, around, index) };
    },
    word(recording) {
      const share = belonging(cluster, recording);
      if (share === 0) return `beside ${cluster.seed}, to fill the mix`;
      return share === 1 ? cluster.seed : `goes with ${cluster.seed}`;
    },
  };
}

/** For the mixes beyond the corners that the library has. */
function blendJudge({ taste, around }: Knowledge): Judge {
  return {
    about: 'a bit of everything',
    judge: (_recording, index) => ({ fit: 0.4, taste: pull(taste, around, index) }),
    word: () => 'a bit of everything',
  };
}

function moodJudge(mood: Mood, { taste, feels, around }: Knowledge): Judge {
  return {
    about: `energy around ${mood.energy}`,
    judge(_recording, index) {
      const feel = feels[index];
      const liked = pull(taste, around, index);
      // A song nobody can place may fill the list, behind those that are known to fit.
      if (!feel) return { fit: 0.25, taste: liked };
      const distance = Math.abs(feel.energy - mood.energy);
      if (distance > mood.tolerance) return null;
      const close = 1 - 0.7 * (distance / mood.tolerance);
      return { fit: close * (1 - mood.instrumental * (1 - feel.instrumental)), taste: liked };
    },
    word(_recording, index) {
      const feel = feels[index];
      return feel ? `energy ${feel.energy.toFixed(2)}` : 'mood unknown: no genre and no tempo';
    },
  };
}

function pull(taste: Taste, around: Float64Array, index: number): number {
  return 0.6 * taste.liking[index]! + 0.4 * around[index]!;
}

function freshness(recording: Recording, until: number): number {
  if (recording.lastPlayedAt === null) return 1;
  const days = Math.max(0, (until - recording.lastPlayedAt) / DAY_MS);
  return 1 - Math.exp(-days / FRESHNESS_DAYS);
}

function isNew(recording: Recording, until: number): boolean {
  return recording.addedAt !== null && until - recording.addedAt < NEW_DAYS * DAY_MS;
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

function describe(recording: Recording, fits: string, taste: Taste, until: number): string {
  const words = [fits];
  if (recording.starred) words.push('starred');
  if (recording.rating >= 3) words.push(`rated ${recording.rating} of 5`);
  if (recording.plays >= 3) words.push(`played ${times(recording.plays)}`);
  const artist = recording.artist === null ? 0 : (taste.artists.get(recording.artist) ?? 0);
  if (artist >= 0.3 && likingOf(recording) < 0.5) words.push('by an artist you like');
  if (recording.lastPlayedAt !== null && until - recording.lastPlayedAt > 60 * DAY_MS) {
    words.push('not heard for two months');
  }
  if (isNew(recording, until)) words.push('new in the library');
  return [...new Set(words)].join(', ');
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
