import type { Song } from '../library/song.js';
import { type ArtistKey, readArtist } from './artist-name.js';
import { dropArticle, fold } from './fold.js';
import type { Rejection, WantedTrack } from './match-result.js';
import { sameNumerals } from './numerals.js';
import { similarity } from './similarity.js';
import { readTitle, type TitleKey } from './title.js';

/** Each field has to be this alike on its own: an average would let "Angel" pass for "Angie" by the same artist. */
export const ARTIST_FLOOR = 0.85;
export const TITLE_FLOOR = 0.88;

/** What the score is made of; the sum is 1. Album and duration can only settle what artist and title leave open. */
const weights = { artist: 0.44, title: 0.46, album: 0.04, duration: 0.06 };

/** A title that has a bracket more or less than the other is as good as this. */
const BARE_TITLE = 0.95;
/** The credit's first name alone on either side ("Tom Petty" for "Tom Petty & The Heartbreakers"). */
const FIRST_NAME = 0.95;
/** Any other name of the credit. */
const OTHER_NAME = 0.88;

/** A wanted track, taken apart once for all candidates. */
export interface Wanted {
  artist: ArtistKey;
  title: TitleKey;
  album: string;
  durationMs: number | null;
  mbid: string | null;
}

export function readWanted(track: WantedTrack): Wanted {
  return {
    artist: readArtist(track.artist),
    title: readTitle(track.title),
    album: albumKey(track.album),
    durationMs: track.durationMs && track.durationMs > 0 ? track.durationMs : null,
    mbid: track.mbid ? track.mbid.trim().toLowerCase() : null,
  };
}

export interface Score {
  /** 0–1. */
  score: number;
  rejected?: Extract<Rejection, 'artist' | 'title' | 'version' | 'duration'>;
}

/**
 * Judges one song by itself. The MusicBrainz id settles it; else each field has a floor, the kind of version has to
 * be the same, and a known duration must not be far off.
 */
export function scoreCandidate(wanted: Wanted, song: Song): Score {
  if (wanted.mbid !== null && song.mbid === wanted.mbid) return { score: 1 };
  const title = readTitle(song.title);
  const artistScore = artistSimilarity(wanted.artist, readArtist(song.artist));
  const titleScore = titleSimilarity(wanted.title, title);
  const score =
    weights.artist * artistScore +
    weights.title * titleScore +
    weights.album * albumSimilarity(wanted.album, song.album) +
    weights.duration * durationSimilarity(wanted.durationMs, song.durationMs);
  const rejected = reject(
    artistScore,
    titleScore,
    sameVersion(wanted.title, title),
    wanted.durationMs,
    song.durationMs,
  );
  return rejected === undefined ? { score } : { score, rejected };
}

function reject(
  artist: number,
  title: number,
  version: boolean,
  wantedMs: number | null,
  songMs: number | null,
): Score['rejected'] {
  if (artist < ARTIST_FLOOR) return 'artist';
  if (title < TITLE_FLOOR) return 'title';
  if (!version) return 'version';
  if (wantedMs !== null && songMs !== null && Math.abs(wantedMs - songMs) > tolerance(wantedMs))
    return 'duration';
  return undefined;
}

/** The best of: whole credit against whole credit, first name, any name against any other. */
function artistSimilarity(a: ArtistKey, b: ArtistKey): number {
  if (a.full === '' || b.full === '') return 0;
  let best = similarity(a.full, b.full);
  if (best === 1 || (a.names.length === 1 && b.names.length === 1)) return best;
  const [aFirst = a.full] = a.names;
  const [bFirst = b.full] = b.names;
  best = Math.max(
    best,
    FIRST_NAME * Math.max(similarity(aFirst, bFirst), similarity(a.full, bFirst), similarity(aFirst, b.full)),
  );
  if (best < OTHER_NAME && a.names.some((name) => b.names.includes(name) || b.full === name))
    return OTHER_NAME;
  return best;
}

/** Whole titles, or where only one has brackets, that one without them. Different numbers never pass the floor. */
function titleSimilarity(a: TitleKey, b: TitleKey): number {
  if (a.full === '' || b.full === '') return 0;
  const whole = compare(a.full, b.full);
  const aBracketed = a.bare !== a.full;
  const bBracketed = b.bare !== b.full;
  if (whole === 1 || aBracketed === bBracketed) return whole;
  return Math.max(whole, BARE_TITLE * compare(a.bare, b.bare));
}

function compare(a: string, b: string): number {
  const alike = similarity(a, b);
  return sameNumerals(a, b) ? alike : Math.min(alike, TITLE_FLOOR - 0.01);
}

/** Two remixes or alternates that both name themselves have to name the same. Where one is silent, any will do. */
function sameVersion(a: TitleKey, b: TitleKey): boolean {
  if (a.version !== b.version) return false;
  if (a.version !== 'remix' && a.version !== 'alternate') return true;
  if (a.qualifier === '' || b.qualifier === '') return true;
  return similarity(a.qualifier, b.qualifier) >= ARTIST_FLOOR;
}

/** 1 where no album was asked for. */
function albumSimilarity(wanted: string, album: string | null): number {
  if (wanted === '') return 1;
  const key = albumKey(album);
  return key === '' ? 0 : similarity(wanted, key);
}

/** "OK Computer (Deluxe Edition)" is "OK Computer". */
function albumKey(album: string | null | undefined): string {
  if (!album) return '';
  return dropArticle(fold(album.replace(/[([][^()[\]]*[)\]]/g, ' '))) || fold(album);
}

/** 1 within three seconds or where either is unknown, falling to 0 at the tolerance. */
function durationSimilarity(wanted: number | null, song: number | null): number {
  if (wanted === null || song === null) return 1;
  const off = Math.max(0, Math.abs(wanted - song) - 3000);
  return Math.max(0, 1 - off / (tolerance(wanted) - 3000));
}

/** How far off a duration may be in ms: half a minute, or a fifth of a long song. */
function tolerance(durationMs: number): number {
  return Math.max(30_000, durationMs / 5);
}
