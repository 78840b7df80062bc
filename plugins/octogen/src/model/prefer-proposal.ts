import type { RankedList } from '../generation/ranked-list.js';
import type { Recording } from '../generation/recording.js';

/** Offline scores end at 1; what a model chose stands above them, in its own order. */
const ABOVE = 2;

/**
 * Puts a model's choice at the head of each list and leaves the offline ranking behind it, to fill what the rules or
 * the model left open. Recordings that the library no longer has fall out.
 */
export function preferProposal(
  ranked: readonly RankedList[],
  recordings: readonly Recording[],
  chosen: ReadonlyMap<string, readonly string[]>,
  model: string,
): RankedList[] {
  const places = new Map(recordings.map((recording, index) => [recording.key, index]));
  return ranked.map((list) => {
    const keys = chosen.get(list.definition.name) ?? [];
    const head = [...new Set(keys)].flatMap((key) => places.get(key) ?? []);
    if (head.length === 0) return list;
    const ranks = new Map(head.map((index, rank) => [index, rank]));
    const scores = list.scores.slice();
    head.forEach((index, rank) => {
      scores[index] = ABOVE - rank / head.length;
    });
    return {
      ...list,
      scores,
      order: Int32Array.from([...head, ...list.order.filter((index) => !ranks.has(index))]),
      explain(index) {
        const rank = ranks.get(index);
        if (rank === undefined) return list.explain(index);
        const text = `Chosen by ${model}: number ${rank + 1} of its ${head.length} for this list.`;
        return { source: 'model', score: scores[index]!, parts: { rank: scores[index]! }, text };
      },
    };
  });
}
