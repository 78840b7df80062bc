import { type Kysely, sql } from '@atoll/sdk';
import type { CandidateSource } from '../matching/matcher.js';
import { ARTIST_FLOOR, TITLE_FLOOR, type Wanted } from '../matching/score-candidate.js';
import { ratio } from '../matching/similarity.js';
import { ArtistDirectory } from './artist-directory.js';
import type { LibrarySchema, SongTable } from './library-schema.js';
import type { Song } from './song.js';
import { SongReader } from './song-row.js';

/** Titles this alike are worth telling of, though they are not the same. */
const NEAR_MISS = 0.6;
const NEAR_MISSES = 5;

/** Finds candidates in the index: by the same keys, then by similar ones. */
export class LibraryCandidates implements CandidateSource {
  readonly #db: Kysely<LibrarySchema>;
  #directory: Promise<ArtistDirectory> | null = null;

  constructor(db: Kysely<LibrarySchema>) {
    this.#db = db;
  }

  /** Forgets the names that are held in memory; to be called when the index changed. */
  invalidate(): void {
    this.#directory = null;
  }

  async exact({ artist, title, mbid }: Wanted): Promise<Song[]> {
    const artists = JSON.stringify([artist.full, ...artist.names]);
    const titles = JSON.stringify([title.full, title.bare]);
    const { rows } = await sql<SongTable>`
      select * from library_songs where seq in (
        select song from library_keys
        where artist_key in (select value from json_each(${artists}))
          and title_key in (select value from json_each(${titles}))
        union all select seq from library_songs where mbid = ${mbid}
      )`.execute(this.#db);
    return read(rows);
  }

  async similar(wanted: Wanted): Promise<Song[]> {
    const { artist, title } = wanted;
    const names = new Set([artist.full, ...artist.names]);
    const directory = await this.#loadDirectory();
    for (const name of [artist.full, artist.names[0] ?? artist.full]) {
      for (const found of directory.similar(name, ARTIST_FLOOR)) names.add(found);
    }
    const numbers = await this.#alikeTitles([...names], [title.full, title.bare]);
    const { rows } = await sql<SongTable>`
      select * from library_songs where seq in (select value from json_each(${JSON.stringify(numbers)}))
      union
      select * from (
        select s.* from library_keys k join library_songs s on s.seq = k.song
        where k.title_key = ${title.full} limit ${NEAR_MISSES}
      )`.execute(this.#db);
    return read(rows);
  }

  /** Row numbers of these artists' songs with a similar title, and of the nearest misses. */
  async #alikeTitles(artists: readonly string[], titles: readonly string[]): Promise<number[]> {
    const { rows } = await sql<{ title_key: string; song: number }>`
      select title_key, song from library_keys
      where artist_key in (select value from json_each(${JSON.stringify(artists)}))`.execute(this.#db);
    const packed = [...new Set(titles)].map((title) => title.replaceAll(' ', ''));
    const alike: number[] = [];
    const misses: { song: number; score: number }[] = [];
    for (const { title_key, song } of rows) {
      const key = title_key.replaceAll(' ', '');
      const score = Math.max(...packed.map((title) => ratio(title, key, NEAR_MISS)));
      if (score >= TITLE_FLOOR) alike.push(song);
      else if (score > 0) misses.push({ song, score });
    }
    misses.sort((a, b) => b.score - a.score || a.song - b.song);
    return [...alike, ...misses.slice(0, NEAR_MISSES).map(({ song }) => song)];
  }

  #loadDirectory(): Promise<ArtistDirectory> {
    this.#directory ??= sql<{ artist_key: string }>`select distinct artist_key from library_keys`
      .execute(this.#db)
      .then(({ rows }) => new ArtistDirectory(rows.map((row) => row.artist_key)))
      .catch((error: unknown) => {
        this.#directory = null;
        throw error;
      });
    return this.#directory;
  }
}

function read(rows: readonly SongTable[]): Song[] {
  const reader = new SongReader();
  return rows.map((row) => reader.read(row));
}
