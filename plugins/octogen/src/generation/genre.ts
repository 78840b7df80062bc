const meaningless = new Set([
  '',
  'unknown',
  'other',
  'misc',
  'miscellaneous',
  'genre',
  'none',
  'n/a',
  'various',
]);

const spellings = new Map([
  ['hiphop', 'hip hop'],
  ['rap hip hop', 'hip hop'],
  ['hip hop rap', 'hip hop'],
  ['rnb', 'r and b'],
  ['r b', 'r and b'],
  ['rhythm and blues', 'r and b'],
  ['electronica', 'electronic'],
  ['electro', 'electronic'],
  ['alternative rock', 'alternative'],
  ['alt rock', 'alternative'],
  ['indie rock', 'indie'],
  ['dnb', 'drum and bass'],
  ['drum n bass', 'drum and bass'],
]);

/**
 * The genres of a song's tags in one spelling, without repeats: `Hip-Hop / Rap`, `hiphop` → `hip hop`, `rap`.
 * Tags that say nothing (`Other`, `Unknown`) are left out.
 */
export function normaliseGenres(tags: readonly string[]): readonly string[] {
  const [tag] = tags;
  if (tag !== undefined && tags.length === 1) return readTag(tag);
  return [...new Set(tags.flatMap(readTag))];
}

/** Few tags name most songs. */
const readTags = new Map<string, string[]>();

function readTag(tag: string): string[] {
  let genres = readTags.get(tag);
  if (!genres) {
    const parts = tag.split(/[;,/|]/).map(normaliseGenre);
    genres = [...new Set(parts.filter((genre) => !meaningless.has(genre)))];
    // Tags are free text: a library of nonsense must not grow this without end.
    if (readTags.size < 10_000) readTags.set(tag, genres);
  }
  return genres;
}

function normaliseGenre(tag: string): string {
  const plain = tag
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/[-_.'’\s]+/g, ' ')
    .trim();
  return spellings.get(plain) ?? plain;
}
