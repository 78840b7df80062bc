import { closest, distance } from 'fastest-levenshtein';

/** The candidate that `word` is most likely a misspelling of, or undefined where none is near. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const plain = (text: string): string => text.toLowerCase().replace(/[-_]/g, '');
  const same = candidates.find((candidate) => plain(candidate) === plain(word));
  if (same !== undefined) return same;
  const near = closest(word, candidates);
  return distance(word, near) <= Math.max(1, Math.floor(near.length / 3)) ? near : undefined;
}
