import { hash } from 'node:crypto';
import { readArtist } from '../matching/artist-name.js';
import { recordingKey } from '../matching/recording-key.js';
import { readTitle } from '../matching/title.js';
import type { RemoteSong } from '../server/music-server.js';
import type { SongTable } from './library-schema.js';
import { indexText } from './search-text.js';
import type { Song } from './song.js';

/** The columns of a song in the order that batches are written in. */
export const songColumns = [
  'id',
  'title',
  'artist',
  'album',
  'album_id',
  'genres',
  'year',
  'duration_ms',
  'bpm',
  'rating',
  'starred_at',
  'play_count',
  'last_played_at',
  'added_at',
  'mbid',
  'recording',
  'listed_in',
  'hash',
] as const satisfies readonly (keyof SongTable)[];

/** A song's values in the order of `songColumns`. */
export type SongValues = (string | number | null)[];

/** A song of album `listedIn` as it is written to the index. */
export function songValues(remote: RemoteSong, listedIn: string): SongValues {
  const values = [
    remote.id,
    clean(remote.title),
    clean(remote.artist),
    remote.album === null ? null : clean(remote.album),
    remote.albumId,
    JSON.stringify(remote.genres.map(clean)),
    remote.year,
    remote.durationMs,
    remote.bpm,
    remote.rating,
    remote.starredAt,
    remote.playCount,
    remote.lastPlayedAt,
    remote.addedAt,
    remote.mbid,
    recordingKey(remote),
  ];
  return [...values, listedIn, fingerprint(values)];
}

/** Every pair of keys that finds a song. */
export function songKeys(song: Pick<Song, 'artist' | 'title'>): [artist: string, title: string][] {
  const artist = readArtist(song.artist);
  const { full, bare } = readTitle(song.title);
  const titles = full === bare ? [full] : [full, bare];
  return [...new Set([artist.full, ...artist.names])].flatMap((name) =>
    titles.map((title): [string, string] => [name, title]),
  );
}

/** A song's columns of the full-text index. */
export function songText(song: Pick<Song, 'artist' | 'title' | 'album'>): [string, string, string] {
  return [indexText(song.title), indexText(song.artist), indexText(song.album ?? '')];
}

/** Makes songs of rows. Equal texts of one reader are one string in memory, as a library repeats its names a lot. */
export class SongReader {
  readonly #texts = new Map<string, string>();
  readonly #genres = new Map<string, readonly string[]>();

  read(row: SongTable): Song {
    return {
      id: row.id,
      title: row.title,
      artist: this.#text(row.artist),
      album: row.album === null ? null : this.#text(row.album),
      albumId: row.album_id === null ? null : this.#text(row.album_id),
      genres: this.#list(row.genres),
      year: row.year,
      durationMs: row.duration_ms,
      bpm: row.bpm,
      rating: row.rating,
      starredAt: row.starred_at,
      playCount: row.play_count,
      lastPlayedAt: row.last_played_at,
      addedAt: row.added_at,
      mbid: row.mbid,
      recording: row.recording,
    };
  }

  #text(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }

  #list(json: string): readonly string[] {
    const known = this.#genres.get(json);
    if (known !== undefined) return known;
    const genres = Object.freeze(JSON.parse(json) as string[]);
    this.#genres.set(json, genres);
    return genres;
  }
}

/** SQLite's text functions end at U+0000. */
function clean(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', ' ').trim() : text;
}

/** 32 bits, so that the sum over millions of songs is still a safe integer. */
function fingerprint(values: SongValues): number {
  return Number.parseInt(hash('sha1', JSON.stringify(values), 'hex').slice(0, 8), 16);
}
