import { isAtollError, type Kysely, type Logger, sql } from '@atoll/sdk';
import type { MusicServer, RemoteSong } from '../server/music-server.js';
import type { LibrarySchema } from './library-schema.js';

const PAGE = 500;
/** Up to here all songs are listed before each run, in at most sixty calls. */
const LISTED_SONGS = 30_000;

/** What is asked of a server to see what its listener did. */
export type ListeningSource = Pick<MusicServer, 'songs' | 'starredIds'>;

interface Asked {
  server: ListeningSource;
  logger: Logger;
  signal?: AbortSignal;
}

/**
 * Albums with a song that was rated, starred or played since it was read. The list of albums shows little of that, but
 * most servers list songs five hundred at a time. Where they do not, or the library is very large, stars alone are
 * seen, and the rest is left to the daily pass over all albums.
 */
export async function touchedAlbums(db: Kysely<LibrarySchema>, asked: Asked): Promise<ReadonlySet<string>> {
  const { songs } = await db.selectFrom('library_state').select('songs').executeTakeFirstOrThrow();
  const listed = songs <= LISTED_SONGS ? await attempt(asked, 'songs', () => compareSongs(db, asked)) : null;
  return listed ?? (await attempt(asked, 'stars', () => compareStars(db, asked))) ?? new Set();
}

/** Null where the server does not list all songs. */
async function compareSongs(
  db: Kysely<LibrarySchema>,
  { server, signal }: Asked,
): Promise<Set<string> | null> {
  const albums = new Set<string>();
  const seen = new Set<string>();
  for (let offset = 0; ; ) {
    const page = await server.songs(offset, PAGE, signal);
    const before = seen.size;
    for (const song of page) seen.add(song.id);
    // A server that knows no offset repeats itself.
    if (seen.size === before) return offset === 0 ? null : albums;
    for (const album of await albumsThatDiffer(db, page)) albums.add(album);
    offset += page.length;
  }
}

async function albumsThatDiffer(db: Kysely<LibrarySchema>, page: readonly RemoteSong[]): Promise<string[]> {
  const signs = page.map((song) => [
    song.id,
    song.rating,
    song.starredAt === null ? 0 : 1,
    song.playCount,
    song.lastPlayedAt,
  ]);
  const { rows } = await sql<{ album: string }>`
    select distinct listed_in as album from json_each(${JSON.stringify(signs)}) as sign
    join library_songs on library_songs.id = sign.value ->> 0
    where listed_in is not null and (
      rating <> sign.value ->> 1 or (starred_at is not null) <> sign.value ->> 2
      or play_count <> sign.value ->> 3 or last_played_at is not sign.value ->> 4
    )`.execute(db);
  return rows.map((row) => row.album);
}

async function compareStars(db: Kysely<LibrarySchema>, { server, signal }: Asked): Promise<Set<string>> {
  const starred = JSON.stringify([...(await server.starredIds(signal))]);
  const { rows } = await sql<{ album: string }>`
    select listed_in as album from library_songs
    where starred_at is not null and id not in (select value from json_each(${starred}))
    union
    select listed_in from library_songs
    where starred_at is null and id in (select value from json_each(${starred}))`.execute(db);
  return new Set(rows.map((row) => row.album));
}

/** Null where the server refuses the call; a server that is down fails the pass. */
async function attempt<T>({ logger }: Asked, what: string, call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (!isAtollError(error, 'upstream_status') && !isAtollError(error, 'upstream_invalid')) throw error;
    logger.debug({ err: error }, `the music server does not list ${what}`);
    return null;
  }
}
