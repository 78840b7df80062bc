import { dropArticle, fold, tidy } from './fold.js';
import { classifyMarker, type VersionClass } from './version.js';

/** A title taken apart for comparison. */
export interface TitleKey {
  /** All that belongs to the title, folded: "i cant get no satisfaction". */
  full: string;
  /** Without brackets that are no known marker: "satisfaction". Equal to `full` where there are none. */
  bare: string;
  version: VersionClass;
  /** What tells two recordings of that class apart: the remixer, the venue; empty where the title says nothing. */
  qualifier: string;
}

const bracket = /[([{（［【「『〔]([^()[\]{}（）［］【】「」『』〔〕]*)[)\]}）］】」』〕]/g;
const dash = /\s+[-–—~]\s+|\s*[–—]\s+/;
/** Guests named without brackets, up to the next bracket, dash or the end. */
const guests = /\s+(?:feat|ft|featuring)\b\.?\s+[^()[\]{}]*?(?=\s*[([{]|\s+[-–—]\s|$)/iu;

/**
 * Takes a title apart. Only brackets and what follows a dash can name a version: "Live Forever" and "Cover Me" are
 * studio recordings. What is no known marker stays part of the title.
 */
export function readTitle(title: string): TitleKey {
  const marks = { version: 'studio' as VersionClass, qualifiers: [] as string[] };
  const note = (text: string): boolean => {
    const marker = classifyMarker(text);
    if (marker.kind === 'version' && (marks.version === 'studio' || marks.version === 'edit')) {
      marks.version = marker.version;
    }
    if (marker.kind === 'version' && marker.qualifier !== '') marks.qualifiers.push(marker.qualifier);
    return marker.kind !== 'title';
  };

  const plain = tidy(title).replace(guests, ' ');
  const brackets: string[] = [];
  const start = plain.search(/\S/);
  let text = plain.replace(bracket, (whole: string, inside: string, at: number) => {
    // A bracket that opens the title is its beginning: "(I Can't Get No) Satisfaction".
    if (at > start && note(inside)) return ' ';
    brackets.push(whole);
    return whole;
  });
  const parts = text.split(dash);
  while (parts.length > 1 && note(parts.at(-1) as string)) parts.pop();
  text = parts.join(' - ');

  const full = key(text) || key(title);
  const bare = key(brackets.reduce((left, inside) => left.replace(inside, ' '), text));
  return { full, bare: bare || full, version: marks.version, qualifier: marks.qualifiers.join(' ') };
}

function key(text: string): string {
  return text.trim() === '' ? '' : dropArticle(fold(text));
}
