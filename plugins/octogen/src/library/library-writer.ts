import { type Kysely, sql, type Transaction } from '@atoll/sdk';
import type { AlbumSummary, RemoteSong } from '../server/music-server.js';
import type { LibrarySchema } from './library-schema.js';
import { type SongValues, songColumns, songKeys, songText, songValues } from './song-row.js';

/** Songs that are written in one transaction. More would hold the database longer than a request should wait. */
const BATCH = 400;

interface ReadAlbum {
  album: AlbumSummary;
  songs: readonly RemoteSong[];
}

/** Writes albums to the index as they are read, many in one transaction. */
export class LibraryWriter {
  readonly #db: Kysely<LibrarySchema>;
  #waiting: ReadAlbum[] = [];
  #waitingSongs = 0;
  #writing: Promise<void> = Promise.resolve();
  /** Songs that were new or different. */
  changed = 0;

  constructor(db: Kysely<LibrarySchema>) {
    this.#db = db;
  }

  /** Takes an album in; resolves at once or when the batch that it fills is written. */
  async add(album: AlbumSummary, songs: readonly RemoteSong[]): Promise<void> {
    this.#waiting.push({ album, songs });
    this.#waitingSongs += songs.length;
    if (this.#waitingSongs >= BATCH || this.#waiting.length >= BATCH) await this.flush();
  }

  /** Writes what waits. */
  flush(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#waitingSongs = 0;
    this.#writing = this.#writing.then(() => (batch.length > 0 ? this.#write(batch) : undefined));
    return this.#writing;
  }

  async #write(batch: readonly ReadAlbum[]): Promise<void> {
    // The last entry of a song counts, as one statement must not touch a row twice.
    const rows = new Map<string, { song: RemoteSong; values: SongValues }>();
    for (const { album, songs } of batch) {
      for (const song of songs) rows.set(song.id, { song, values: songValues(song, album.id) });
    }
    this.changed += await this.#db.transaction().execute(async (trx) => {
      const changed = await upsertSongs(
        trx,
        [...rows.values()].map(({ values }) => values),
      );
      const songs = changed.map(({ seq, id }) => ({ seq, song: rows.get(id)?.song as RemoteSong }));
      await indexSongs(trx, songs);
      await orphanSongs(trx, batch);
      await rememberAlbums(trx, batch);
      return changed.length;
    });
    // SQLite works synchronously: everyone else has a turn before the next batch.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

type Trx = Transaction<LibrarySchema>;

const columns = sql.raw(songColumns.join(', '));
const fields = sql.raw(songColumns.map((_, at) => `value ->> ${at}`).join(', '));
const updates = sql.raw(songColumns.map((column) => `${column} = excluded.${column}`).join(', '));

/** A batch travels as one JSON parameter: the statement stays the same, and is prepared once. */
async function upsertSongs(trx: Trx, rows: readonly SongValues[]): Promise<{ seq: number; id: string }[]> {
  const { rows: changed } = await sql<{ seq: number; id: string }>`
    insert into library_songs (${columns}) select ${fields} from json_each(${JSON.stringify(rows)}) where true
    on conflict (id) do update set ${updates}
      where library_songs.hash <> excluded.hash or library_songs.listed_in is not excluded.listed_in
    returning seq, id`.execute(trx);
  return changed;
}

async function indexSongs(trx: Trx, songs: readonly { seq: number; song: RemoteSong }[]): Promise<void> {
  if (songs.length === 0) return;
  const numbers = JSON.stringify(songs.map(({ seq }) => seq));
  const keys = songs.flatMap(({ seq, song }) =>
    songKeys(song).map(([artist, title]) => [artist, title, seq]),
  );
  const texts = songs.map(({ seq, song }) => [seq, ...songText(song)]);
  await sql`delete from library_keys where song in (select value from json_each(${numbers}))`.execute(trx);
  await sql`delete from library_text where rowid in (select value from json_each(${numbers}))`.execute(trx);
  await sql`
    insert or ignore into library_keys (artist_key, title_key, song)
    select value ->> 0, value ->> 1, value ->> 2 from json_each(${JSON.stringify(keys)})`.execute(trx);
  await sql`
    insert into library_text (rowid, title, artist, album)
    select value ->> 0, value ->> 1, value ->> 2, value ->> 3 from json_each(${JSON.stringify(texts)})`.execute(
    trx,
  );
}

/** Marks songs that an album held before and does not now; they may turn up in another one during the same pass. */
async function orphanSongs(trx: Trx, batch: readonly ReadAlbum[]): Promise<void> {
  const albums = JSON.stringify(batch.map(({ album }) => album.id));
  const held = JSON.stringify(batch.flatMap(({ songs }) => songs.map((song) => song.id)));
  await sql`
    update library_songs set listed_in = null
    where listed_in in (select value from json_each(${albums}))
      and id not in (select value from json_each(${held}))`.execute(trx);
}

async function rememberAlbums(trx: Trx, batch: readonly ReadAlbum[]): Promise<void> {
  const albums = JSON.stringify(batch.map(({ album }) => [album.id, album.revision]));
  await sql`
    insert into library_albums (id, revision) select value ->> 0, value ->> 1 from json_each(${albums}) where true
    on conflict (id) do update set revision = excluded.revision`.execute(trx);
}
