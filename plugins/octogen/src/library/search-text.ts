import { fold } from '../matching/fold.js';

/** Scripts written without spaces: each character is a word of its own, and a run of them is found as a phrase. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]\p{M}*/gu;

/** A text as the full-text index holds it. */
export function indexText(text: string): string {
  return fold(text).replace(unspaced, ' $& ').replace(/ +/g, ' ').trim();
}

/**
 * What someone typed as a full-text query: words that a song has all of, or any of. Null where it holds no letter
 * or digit. Nothing typed can become query syntax, as every word stands in quotes.
 */
export function searchQuery(typed: string, all: boolean): string | null {
  const terms = fold(typed)
    .split(' ')
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, 16)
    .map(term);
  return terms.length === 0 ? null : terms.join(all ? ' AND ' : ' OR ');
}

/** The beginning of a word finds it, except a single letter, which would find everything. */
function term(word: string): string {
  const phrase = `"${indexText(word).replaceAll('"', '""')}"`;
  return [...word].length > 1 ? `${phrase}*` : phrase;
}
