import { dropArticle, fold, tidy } from './fold.js';

/** An artist credit taken apart for comparison. */
export interface ArtistKey {
  /** The whole credit without guests, folded. */
  full: string;
  /** Everyone it names, the first one first; guests last. Just `full` where it names one. */
  names: readonly string[];
}

const guest = /\s*[([]?\b(?:feat|ft|featuring)\b\.?\s+/iu;
/** What parts two names. A comma or an "and" may as well be inside one name; hence a part never counts as much as the whole. */
const separator = /\s*[;/|]\s+|,\s+|\s*、\s*|\s+(?:&|\+|x|×|[Vv][Ss]\.?|[Aa][Nn][Dd]|[Uu]nd|[Ww]ith)\s+|;/u;

/** Takes an artist credit apart: "Nick Cave & The Bad Seeds feat. PJ Harvey". */
export function readArtist(artist: string): ArtistKey {
  const plain = tidy(artist);
  const [credit = '', ...guests] = plain.split(guest);
  // "Beatles, The", as libraries sort it.
  const main = credit.replace(/^(.*\S)\s*,\s*the$/iu, 'The $1');
  const full = key(main) || key(plain);
  const names = [main, ...guests.map((name) => name.replace(/[)\]]\s*$/, ''))]
    .flatMap((part) => part.split(separator))
    .map(key)
    .filter((name) => name !== '' && name !== 'the');
  return { full, names: names.length > 0 ? [...new Set(names)] : [full] };
}

function key(text: string): string {
  return text.trim() === '' ? '' : dropArticle(fold(text));
}
