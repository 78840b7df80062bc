/** Letters that Unicode does not decompose, as people write them without the key for it. */
const letters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ħ: 'h',
  ŋ: 'n',
  ƒ: 'f',
};
const letter = new RegExp(`[${Object.keys(letters).join('')}]`, 'g');

/** Only after letters of these scripts a mark is an accent; elsewhere (dakuten, vowel signs) it makes the letter. */
const accent = /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]\p{M}*)\p{M}/gu;

/** No name is longer; what comes after it in a broken tag would only cost time, as comparing takes its square. */
const LONGEST = 300;

/** One width, one kind of space, and a bounded length: what every text is brought to before it is looked at. */
export function tidy(text: string): string {
  return text.slice(0, LONGEST).normalize('NFKC').replace(/\s+/gu, ' ').trim();
}

/** Lower case without accents and ligatures, in one width; punctuation stays. */
function foldCase(text: string): string {
  return tidy(text)
    .normalize('NFKD')
    .replace(accent, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(letter, (found) => letters[found] ?? found)
    .replace(accent, '');
}

/**
 * The letters and digits of a text in one spelling, words parted by one space: what titles and artists are compared
 * by. A text of symbols alone ("!!!", "÷") keeps its symbols, so that only nothing folds to nothing.
 */
export function fold(text: string): string {
  const cased = foldCase(text);
  const words = cased
    .replace(/['’‘ʼ`´]/g, '')
    // M.I.A., R.E.M., N*E*R*D: letters that stand alone between dots or stars are one word.
    .replace(/(?<![\p{L}\p{N}])\p{L}(?:[.*]\p{L})+[.*]?(?![\p{L}\p{N}])/gu, (found) =>
      found.replace(/[.*]/g, ''),
    )
    // Ke$ha, A$AP, P!nk: a symbol inside a word is the letter it looks like.
    .replace(/\$(?=\p{L})|(?<=\p{L})\$/gu, 's')
    .replace(/(?<=\p{L})!(?=\p{L})/gu, 'i')
    .replace(/&|(?<=\s)\+(?=\s)/g, ' and ')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim();
  if (words === '') return cased.replace(/\s+/g, '');
  return words
    .split(' ')
    .map((word) => synonyms[word] ?? word)
    .join(' ');
}

/** Words that are written in several ways. */
const synonyms: Record<string, string> = { und: 'and', pt: 'part', pts: 'parts', vol: 'volume', nr: 'no' };

/** Without a leading "the", unless nothing else is there. */
export function dropArticle(folded: string): string {
  return folded.startsWith('the ') ? folded.slice(4) : folded;
}
