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
export function normaliseGenres(tags: readonly string[]): string[] {
  const genres = new Set<string>();
  for (const tag of tags) {
    for (const part of tag.split(/[;,/|]/)) {
      const genre = normaliseGenre(part);
      if (!meaningless.has(genre)) genres.add(genre);
    }
  }
  return [...genres];
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
