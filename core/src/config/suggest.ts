import { closest, distance } from 'fastest-levenshtein';

/** The candidate that `word` is most likely a misspelling of, or undefined where none is near. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const plain = (text: string): string => text.toLowerCase().replace(/[-_]/g, '');
  const same = candidates.find((candidate) => plain(candidate) === plain(word));
  if (same !== undefined) return same;
  // Two letters the wrong way round are the commonest slip, and count as two changes.
  const letters = (text: string): string => [...plain(text)].sort().join('');
  const swapped = candidates.find((candidate) => letters(candidate) === letters(word));
  if (swapped !== undefined) return swapped;
  const near = closest(word, candidates);
  return distance(word, near) <= Math.max(1, Math.floor(near.length / 3)) ? near : undefined;
}
