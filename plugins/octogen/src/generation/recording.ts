import type { Song } from '../library/song.js';
import { readArtist } from '../matching/artist-name.js';
import { readTitle } from '../matching/title.js';
import { normaliseGenres } from './genre.js';
import { letOthersRun } from './let-others-run.js';

/** One recording with everything its copies in the library say about it together. */
export interface Recording {
  /** The index's key, equal for all copies. */
  key: string;
  /** The copy that goes into a list: the best rated, then the starred, then the most played one. */
  song: Song;
  /** Genres of all copies, in one spelling. */
  genres: readonly string[];
  /** What the limit per artist counts by; null where nobody knows the artist. */
  artist: string | null;
  /** What the limit per album counts by. */
  album: string | null;
  /** Of the best rated copy; 0 for none. */
  rating: number;
  starred: boolean;
  /** Of all copies together. */
  plays: number;
  lastPlayedAt: number | null;
  addedAt: number | null;
}

export interface Recordings {
  /** Ordered by key. */
  items: Recording[];
  /** Songs left out as rated one or two stars. */
  lowRated: number;
  /** Songs left out as further copies of a recording. */
  copies: number;
}

/** Recordings that are put together in one go. */
const BATCH = 5000;

const nobody = new Set(['', 'unknown', 'unknown artist', 'various artists', 'various', 'va']);

/** Folds the copies of each recording together and drops what the user rated one or two stars. */
export async function collectRecordings(songs: readonly Song[]): Promise<Recordings> {
  const artists = new ArtistKeys();
  const groups = new Map<string, Song[]>();
  for (const song of songs) {
    const group = groups.get(song.recording);
    if (group) group.push(song);
    else groups.set(song.recording, [song]);
  }
  const items: Recording[] = [];
  let lowRated = 0;
  let copies = 0;
  for (const [key, group] of groups) {
    const wanted = group.filter((song) => !isLowRated(song));
    lowRated += group.length - wanted.length;
    // One bad copy condemns the recording, unless another copy of it is liked.
    const liked = wanted.some((song) => song.rating >= 3 || song.starredAt !== null);
    if (wanted.length === 0 || (wanted.length < group.length && !liked)) continue;
    copies += wanted.length - 1;
    items.push(fold(key, wanted, artists));
    if (items.length % BATCH === 0) await letOthersRun();
  }
  items.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { items, lowRated, copies };
}

/** Rated one or two stars; 0 is no rating at all. */
export function isLowRated(song: Pick<Song, 'rating'>): boolean {
  return song.rating >= 1 && song.rating <= 2;
}

/**
 * Equal for the studio, live and other versions of one song: a list wants one of them. Taking titles apart is slow, so
 * this is asked only of songs that come into question.
 */
export function workOf({ artist, key, song }: Recording): string {
  return `${artist ?? ''}|${readTitle(song.title).bare || key}`;
}

/** The artist without guests, in one spelling: what "the same artist" means to the limits. Null for nobody. */
export function artistKey(artist: string): string | null {
  const name = readArtist(artist).full;
  return nobody.has(name) ? null : name;
}

/** Keys by name: a library has many songs of each artist. */
class ArtistKeys {
  readonly #keys = new Map<string, string | null>();

  of(artist: string): string | null {
    let key = this.#keys.get(artist);
    if (key === undefined) {
      key = artistKey(artist);
      this.#keys.set(artist, key);
    }
    return key;
  }
}

function fold(key: string, group: Song[], artists: ArtistKeys): Recording {
  const song = group.reduce((best, other) => (isBetter(other, best) ? other : best));
  const [only] = group;
  return {
    key,
    song,
    genres: normaliseGenres(group.length === 1 && only ? only.genres : group.flatMap((copy) => copy.genres)),
    artist: artists.of(song.artist),
    album:
      song.albumId ?? (song.album ? `${artists.of(song.artist) ?? ''}|${song.album.toLowerCase()}` : null),
    rating: song.rating,
    starred: group.some((copy) => copy.starredAt !== null),
    plays: group.reduce((sum, copy) => sum + Math.max(0, copy.playCount), 0),
    lastPlayedAt: latest(group.map((copy) => copy.lastPlayedAt)),
    addedAt: earliest(group.map((copy) => copy.addedAt)),
  };
}

function isBetter(a: Song, b: Song): boolean {
  if (a.rating !== b.rating) return a.rating > b.rating;
  if ((a.starredAt === null) !== (b.starredAt === null)) return a.starredAt !== null;
  if (a.playCount !== b.playCount) return a.playCount > b.playCount;
  return a.id < b.id;
}

function latest(times: readonly (number | null)[]): number | null {
  return times.reduce<number | null>(
    (best, time) => (time !== null && (best === null || time > best) ? time : best),
    null,
  );
}

function earliest(times: readonly (number | null)[]): number | null {
  return times.reduce<number | null>(
    (best, time) => (time !== null && (best === null || time < best) ? time : best),
    null,
  );
}
