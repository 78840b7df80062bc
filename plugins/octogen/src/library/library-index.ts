import { type Clock, type Kysely, type Logger, sql } from '@atoll/sdk';
import { Matcher } from '../matching/matcher.js';
import type { IndexState, IndexStatistics, Library } from './library.js';
import { LibraryCandidates } from './library-candidates.js';
import { LibraryRefresh, type RefreshOptions, type RefreshResult } from './library-refresh.js';
import type { LibrarySchema, SongTable } from './library-schema.js';
import { searchQuery } from './search-text.js';
import type { Song } from './song.js';
import { SongReader } from './song-row.js';

/** Rows that are read in one go; between two goes everyone else has a turn, as the database reads synchronously. */
const CHUNK = 2000;

export interface LibraryIndexOptions {
  db: Kysely<LibrarySchema>;
  clock: Clock;
  logger: Logger;
}

/** The library as a local index in SQLite: refreshed from a server, read by everything else. */
export class LibraryIndex implements Library {
  readonly #db: Kysely<LibrarySchema>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #candidates: LibraryCandidates;
  #refreshing: Promise<unknown> = Promise.resolve();

  constructor({ db, clock, logger }: LibraryIndexOptions) {
    this.#db = db;
    this.#clock = clock;
    this.#logger = logger;
    this.#candidates = new LibraryCandidates(db);
  }

  /** A matcher over this index. */
  matcher(): Matcher {
    return new Matcher(this.#candidates);
  }

  /**
   * Brings the index up to date. Two at once run one after the other. A pass that fails or is aborted leaves what was
   * there before, with the albums that it got to.
   *
   * @throws UpstreamError or AuthError of the server, a storage error, or the signal's reason
   */
  refresh(options: RefreshOptions): Promise<RefreshResult> {
    const result = this.#refreshing.then(async () => {
      options.signal?.throwIfAborted();
      const pass = new LibraryRefresh(this.#db, this.#clock, this.#logger, options);
      try {
        return await pass.run();
      } finally {
        this.#candidates.invalidate();
      }
    });
    this.#refreshing = result.catch(() => undefined);
    return result;
  }

  async state(): Promise<IndexState> {
    return this.#db.selectFrom('library_state').select(['songs', 'albums']).executeTakeFirstOrThrow();
  }

  async statistics(): Promise<IndexStatistics> {
    const { songs, rated, low_rated } = await this.#db
      .selectFrom('library_state')
      .selectAll()
      .executeTakeFirstOrThrow();
    return { songs, rated, lowRated: low_rated };
  }

  /** Reads the table from end to end and sorts afterwards: in the order of ids it would jump through the file. */
  async all(): Promise<Song[]> {
    const reader = new SongReader();
    const songs: Song[] = [];
    for (let after = 0; ; ) {
      const { rows } = await sql<SongTable>`
        select * from library_songs where seq > ${after} order by seq limit ${CHUNK}`.execute(this.#db);
      for (const row of rows) songs.push(reader.read(row));
      if (rows.length < CHUNK) break;
      after = rows.at(-1)?.seq ?? after;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return songs.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async byIds(ids: readonly string[]): Promise<Map<string, Song>> {
    const reader = new SongReader();
    const songs = new Map<string, Song>();
    for (let at = 0; at < ids.length; at += CHUNK) {
      const chunk = JSON.stringify(ids.slice(at, at + CHUNK));
      const { rows } = await sql<SongTable>`
        select * from library_songs where id in (select value from json_each(${chunk}))`.execute(this.#db);
      for (const row of rows) songs.set(row.id, reader.read(row));
    }
    return songs;
  }

  async search(text: string, limit: number): Promise<Song[]> {
    const all = searchQuery(text, true);
    if (all === null) return this.#searchSymbols(text, limit);
    const found = await this.#searchText(all, limit);
    return found.length > 0 ? found : this.#searchText(searchQuery(text, false) as string, limit);
  }

  /** Titles count more than artists, and these more than albums. */
  async #searchText(query: string, limit: number): Promise<Song[]> {
    const { rows } = await sql<SongTable>`
      select s.* from (
        select rowid, bm25(library_text, 4, 3, 1) as rank from library_text
        where library_text match ${query} order by rank, rowid limit ${limit}
      ) as found join library_songs s on s.seq = found.rowid order by found.rank, s.id`.execute(this.#db);
    const reader = new SongReader();
    return rows.map((row) => reader.read(row));
  }

  /** "!!!" has no word that full text knows, but it is a key. */
  async #searchSymbols(text: string, limit: number): Promise<Song[]> {
    const key = text.normalize('NFKC').replace(/\s+/g, '').toLowerCase();
    const { rows } = await sql<SongTable>`
      select * from library_songs where seq in (
        select song from library_keys where artist_key = ${key} union select song from library_keys where title_key = ${key}
      ) order by id limit ${limit}`.execute(this.#db);
    const reader = new SongReader();
    return rows.map((row) => reader.read(row));
  }
}
