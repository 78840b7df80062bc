import type { RankedList } from '../generation/ranked-list.js';

/**
 * Which songs of a large library a model gets to see: the best of each list in turn, so that each has something to
 * choose from. Indices of recordings, at most `limit`.
 */
export function chooseCandidates(lists: readonly RankedList[], limit: number): number[] {
  const chosen = new Set<number>();
  const deepest = lists.reduce((most, list) => Math.max(most, list.order.length), 0);
  for (let rank = 0; rank < deepest; rank++) {
    for (const list of lists) {
      const index = list.order[rank];
      if (index === undefined) continue;
      chosen.add(index);
      if (chosen.size === limit) return [...chosen];
    }
  }
  return [...chosen];
}
