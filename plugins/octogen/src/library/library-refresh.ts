import { type Clock, isAtollError, type Kysely, type Logger, sql } from '@atoll/sdk';
import type { AlbumSummary, MusicServer } from '../server/music-server.js';
import { isNotFound, SubsonicError } from '../server/subsonic-error.js';
import { eachConcurrently } from './each-concurrently.js';
import type { LibrarySchema } from './library-schema.js';
import { LibraryWriter } from './library-writer.js';
import { listAlbums } from './list-albums.js';
import { type ListeningSource, touchedAlbums } from './touched-albums.js';

/** Albums that are asked for at once. */
const CONCURRENCY = 6;
/** No server shows every change in its lists, so every album is read once in this time. */
const FULL_PASS_MS = 20 * 3_600_000;
/** A pass with more unreadable albums than this share has failed. */
const BROKEN_SHARE = 0.1;

export interface RefreshProgress {
  phase: 'listing' | 'reading' | 'finishing';
  /** Albums so far. */
  done: number;
  /** Albums in all; 0 while they are being listed. */
  total: number;
}

/** What a pass asks of a server. */
export type LibrarySource = Pick<MusicServer, 'account' | 'albums' | 'albumSongs'> & ListeningSource;

export interface RefreshOptions {
  server: LibrarySource;
  signal?: AbortSignal;
  progress?: (progress: RefreshProgress) => void;
  /** Reads every album, also those that look unchanged. Default: when the last such pass is a day old. */
  full?: boolean;
}

export interface RefreshResult {
  /** Albums on the server. */
  albums: number;
  /** Albums that were read, as they were new, changed, or all of them were. */
  albumsRead: number;
  songsChanged: number;
  songsRemoved: number;
  full: boolean;
  /** False where albums were missing or unreadable; nothing was removed then. */
  complete: boolean;
}

/** One pass over a server's albums. What was read stays in the index, however the pass ends. */
export class LibraryRefresh {
  readonly #db: Kysely<LibrarySchema>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #options: RefreshOptions;
  readonly #writer: LibraryWriter;
  readonly #unreadable = new Set<string>();
  #gone = 0;
  #done = 0;

  constructor(db: Kysely<LibrarySchema>, clock: Clock, logger: Logger, options: RefreshOptions) {
    this.#db = db;
    this.#clock = clock;
    this.#logger = logger;
    this.#options = options;
    this.#writer = new LibraryWriter(db);
  }

  /** @throws UpstreamError or AuthError of the server, a storage error, or the signal's reason */
  async run(): Promise<RefreshResult> {
    const full = await this.#isFull();
    const revisions = full ? new Map<string, string>() : await this.#revisions();
    const { server, signal } = this.#options;
    const asked = { server, signal, logger: this.#logger };
    const touched = full ? new Set<string>() : await touchedAlbums(this.#db, asked);
    const isNew = (album: AlbumSummary) =>
      revisions.get(album.id) !== album.revision || touched.has(album.id);

    let { albums, complete } = await this.#list();
    const reading = [...albums.values()].filter(isNew);
    await this.#read(reading, albums.size);
    if (this.#gone > 0) {
      // What went away during the pass may have come back under another id: albums are retagged, files are moved.
      const again = await this.#list();
      const seen = albums;
      const arrived = [...again.albums.values()].filter((album) => !seen.has(album.id) && isNew(album));
      this.#gone = 0;
      await this.#read(arrived, again.albums.size);
      reading.push(...arrived);
      albums = again.albums;
      complete = again.complete && this.#gone === 0;
    }

    this.#report('finishing', albums.size);
    const broken = this.#unreadable.size;
    const songsRemoved = complete ? await this.#removeUnlisted([...albums.keys()]) : 0;
    await this.#uniteRecordings();
    await this.#remember(complete, full && broken === 0);
    return {
      albums: albums.size,
      albumsRead: reading.length - broken,
      songsChanged: this.#writer.changed,
      songsRemoved,
      full,
      complete: complete && broken === 0,
    };
  }

  async #isFull(): Promise<boolean> {
    if (this.#options.full) return true;
    const state = await this.#db
      .selectFrom('library_state')
      .select(['full_at', 'account'])
      .executeTakeFirstOrThrow();
    if (state.full_at === null || state.account !== (this.#options.server.account ?? null)) return true;
    const age = this.#clock.now() - state.full_at;
    return age < 0 || age >= FULL_PASS_MS;
  }

  async #revisions(): Promise<Map<string, string>> {
    const albums = await this.#db.selectFrom('library_albums').selectAll().execute();
    return new Map(albums.map((album) => [album.id, album.revision]));
  }

  #list(): ReturnType<typeof listAlbums> {
    const { server, signal } = this.#options;
    this.#report('listing', 0);
    return listAlbums(server, {
      signal,
      found: (albums) => this.#options.progress?.({ phase: 'listing', done: albums, total: 0 }),
    });
  }

  async #read(albums: readonly AlbumSummary[], listed: number): Promise<void> {
    const { server, signal } = this.#options;
    const total = this.#done + albums.length;
    this.#report('reading', total);
    try {
      await eachConcurrently(
        albums,
        CONCURRENCY,
        async (album, stop) => {
          const songs = await this.#songsOf(server, album, stop, listed);
          if (songs) await this.#writer.add(album, songs);
          this.#done++;
          this.#report('reading', total);
        },
        signal,
      );
    } finally {
      await this.#writer.flush();
    }
  }

  /** Null where the album is gone or the server cannot tell of it; a server that is down or refuses us is thrown. */
  async #songsOf(server: LibrarySource, album: AlbumSummary, signal: AbortSignal, listed: number) {
    try {
      return await server.albumSongs(album.id, signal);
    } catch (error) {
      if (isNotFound(error)) {
        this.#gone++;
        return null;
      }
      const unreadable = error instanceof SubsonicError || isAtollError(error, 'upstream_invalid');
      if (!unreadable || this.#unreadable.size >= Math.max(1, listed * BROKEN_SHARE)) throw error;
      this.#unreadable.add(album.id);
      this.#logger.warn(
        { err: error, album: album.id },
        'an album could not be read; its songs stay as they were',
      );
      return null;
    }
  }

  /** Removes what no listed album holds any more. Albums that could not be read keep their songs. */
  async #removeUnlisted(albums: readonly string[]): Promise<number> {
    const listed = JSON.stringify(albums);
    return this.#db.transaction().execute(async (trx) => {
      await sql`delete from library_albums where id not in (select value from json_each(${listed}))`.execute(
        trx,
      );
      const { numAffectedRows } = await sql`
        delete from library_songs
        where listed_in is null or listed_in not in (select value from json_each(${listed}))`.execute(trx);
      return Number(numAffectedRows ?? 0);
    });
  }

  /** One MusicBrainz id is one recording, however its copies are tagged. */
  async #uniteRecordings(): Promise<void> {
    await sql`
      update library_songs set recording = one.recording
      from (
        select mbid, min(recording) as recording from library_songs
        where mbid is not null group by mbid having min(recording) <> max(recording)
      ) as one
      where library_songs.mbid = one.mbid and library_songs.recording <> one.recording`.execute(this.#db);
  }

  async #remember(complete: boolean, full: boolean): Promise<void> {
    // Songs of another account are gone only after a complete pass.
    if (!complete) return;
    await this.#db
      .updateTable('library_state')
      .set({
        account: this.#options.server.account ?? null,
        ...(full ? { full_at: this.#clock.now() } : {}),
      })
      .execute();
  }

  #report(phase: RefreshProgress['phase'], total: number): void {
    this.#options.progress?.({ phase, done: phase === 'listing' ? 0 : this.#done, total });
  }
}
