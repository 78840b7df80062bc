import type { KnownFeel } from './feels.js';
import type { ListDefinition, Mood } from './list-definition.js';
import { feelInWords, isNew, times } from './pick-sentence.js';
import type { Recording } from './recording.js';
import type { Taste } from './taste.js';
import { belonging, type TasteCluster } from './taste-clusters.js';

/** Songs from outside a mix's corner whose energy is farther than this from it do not fill the mix. */
const OUTSIDE_TOLERANCE = 0.25;

/** Says which recordings belong on one list. */
export interface Judge {
  about: string;
  /** How well a recording fits, and how much it is to the user's taste; null where it does not belong at all. */
  judge(recording: Recording, index: number): { fit: number; taste: number } | null;
  /** Why it fits, in words. */
  word(recording: Recording, index: number): string;
}

/** What is known of the library and its listener; figures of recordings stand by index. */
export interface Knowledge {
  recordings: readonly Recording[];
  taste: Taste;
  clusters: readonly (TasteCluster | null)[];
  feels: readonly (KnownFeel | null)[];
  around: Float64Array;
  until: number;
}

export function judgeFor(definition: ListDefinition, known: Knowledge): Judge {
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

function mixJudge(cluster: TasteCluster, known: Knowledge): Judge {
  const energy = energyOf(cluster, known);
  /** From 1 for the corner's own energy to 0, null for a song that would stick out. */
  const nearness = (index: number): number | null => {
    const feel = known.feels[index];
    if (energy === null || !feel) return 0;
    const near = 1 - Math.abs(feel.energy - energy) / OUTSIDE_TOLERANCE;
    return near > 0 ? near : null;
  };
  return {
    about: cluster.seed,
    judge(recording, index) {
      const share = belonging(cluster, recording);
      const liked = pull(known, index);
      if (share > 0) return { fit: 0.5 + 0.5 * share, taste: liked };
      // Songs from outside may fill a mix whose own corner is too small, behind those that belong to it.
      const near = nearness(index);
      return near === null ? null : { fit: 0.45 * near, taste: 0.5 * liked };
    },
    word(recording) {
      const share = belonging(cluster, recording);
      if (share === 0) return `beside ${cluster.seed}, which has too few songs to fill the mix`;
      const kind = /^\d{4}s$/.test(cluster.seed) ? 'decade' : 'genre';
      return `${share === 1 ? '' : 'close to '}${cluster.seed}, this mix's ${kind}`;
    },
  };
}

/** The mean energy of the songs that belong to a cluster; null where their feel is not known. */
function energyOf(cluster: TasteCluster, { recordings, feels }: Knowledge): number | null {
  let sum = 0;
  let weight = 0;
  recordings.forEach((recording, index) => {
    const feel = feels[index];
    const share = feel ? belonging(cluster, recording) : 0;
    if (!feel || share < 0.5) return;
    sum += feel.energy * share;
    weight += share;
  });
  return weight === 0 ? null : sum / weight;
}

/** For the mixes beyond the corners that the library has. */
function blendJudge(known: Knowledge): Judge {
  return {
    about: 'a bit of everything',
    judge: (_recording, index) => ({ fit: 0.4, taste: pull(known, index) }),
    word: () => 'a bit of everything',
  };
}

function moodJudge(mood: Mood, known: Knowledge): Judge {
  const { feels } = known;
  return {
    about: mood.about,
    judge(_recording, index) {
      const feel = feels[index];
      const liked = pull(known, index);
      // A song nobody can place may fill the list, behind those that are known to fit.
      if (!feel) return { fit: 0.25, taste: liked };
      const distance = Math.abs(feel.energy - mood.energy);
      if (distance > mood.tolerance) return null;
      const close = 1 - 0.7 * (distance / mood.tolerance);
      return { fit: close * (1 - mood.instrumental * (1 - feel.instrumental)), taste: liked };
    },
    word(_recording, index) {
      const feel = feels[index];
      if (!feel) return 'of unknown mood, as it has no genre and no tempo';
      const words =
        feel.by === 'artist' ? `${feelInWords(feel)} as the artist usually is` : feelInWords(feel);
      return mood.instrumental >= 0.3 && feel.instrumental >= 0.6 ? `${words}, mostly without voices` : words;
    },
  };
}

function pull({ taste, around }: Knowledge, index: number): number {
  return 0.6 * taste.liking[index]! + 0.4 * around[index]!;
}
