import { randomUUID } from 'node:crypto';
import { type Clock, column, type Kysely, type Transaction } from '@atoll/sdk';
import type { Intent, LedgerEntry, LedgerSong, ListVersion, WantedList } from './ledger-entry.js';
import type { LedgerTables } from './ledger-migrations.js';

/** Versions kept of each list. */
const VERSIONS = 10;

/**
 * Which playlists of one account on one server are ours. Only what stands here is ever changed or deleted. Every
 * change of a list is one transaction: its entry, its former version, and the intent that is thereby fulfilled.
 */
export class Ledger {
  readonly #db: Kysely<LedgerTables>;
  readonly #clock: Clock;
  readonly #account: string;

  constructor(db: Kysely<LedgerTables>, clock: Clock, account: string) {
    this.#db = db;
    this.#clock = clock;
    this.#account = account;
  }

  /** Our lists, by name. */
  async entries(): Promise<LedgerEntry[]> {
    const rows = await this.#db
      .selectFrom('playlist_ledger')
      .selectAll()
      .where('account', '=', this.#account)
      .orderBy('list')
      .execute();
    return rows.map(readEntry);
  }

  async find(list: string): Promise<LedgerEntry | null> {
    return this.#read(this.#db, list);
  }

  /** The same list as other accounts know it: the same server under a new address, perhaps. */
  async elsewhere(list: string): Promise<{ account: string; entry: LedgerEntry }[]> {
    const rows = await this.#db
      .selectFrom('playlist_ledger')
      .selectAll()
      .where('account', '!=', this.#account)
      .where('list', '=', list)
      .orderBy('written_at', 'desc')
      .execute();
    return rows.map((row) => ({ account: row.account, entry: readEntry(row) }));
  }

  /** Takes a list over from another account, with its versions. */
  async takeOver(list: string, account: string): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      for (const table of ['playlist_ledger', 'playlist_versions'] as const) {
        await trx
          .updateTable(table)
          .set({ account: this.#account })
          .where('account', '=', account)
          .where('list', '=', list)
          .execute();
      }
    });
  }

  /** What the list held before, the latest first. */
  async versions(list: string): Promise<ListVersion[]> {
    const rows = await this.#db
      .selectFrom('playlist_versions')
      .selectAll()
      .where('account', '=', this.#account)
      .where('list', '=', list)
      .orderBy('sequence', 'desc')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      songIds: column.json.decode<string[]>(row.song_ids),
      songs: column.json.decode<LedgerSong[]>(row.songs),
      replacedAt: row.replaced_at,
    }));
  }

  /** What was begun and never finished, the oldest first. */
  async intents(): Promise<{ list: string; intent: Intent }[]> {
    const rows = await this.#db
      .selectFrom('playlist_intents')
      .select(['list', 'intent'])
      .where('account', '=', this.#account)
      .orderBy('started_at')
      .orderBy('list')
      .execute();
    return rows.map((row) => ({ list: row.list, intent: column.json.decode<Intent>(row.intent) }));
  }

  /** Records what is about to happen; it is on disk when the promise resolves. */
  async begin(list: string, intent: Intent): Promise<void> {
    const row = { intent: column.json.encode(intent), started_at: this.#clock.now() };
    await this.#db
      .insertInto('playlist_intents')
      .values({ account: this.#account, list, ...row })
      .onConflict((conflict) => conflict.columns(['account', 'list']).doUpdateSet(row))
      .execute();
  }

  async dropIntent(list: string): Promise<void> {
    await this.#deleteIntent(this.#db, list);
  }

  /**
   * The list is on the server as wanted: from now on it is ours, and a pending intent is done. `before` is what the
   * server had; null for a list that was just created.
   */
  async complete(
    wanted: WantedList,
    server: { playlistId: string; name: string },
    before: readonly string[] | null,
  ): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const former = await this.#read(trx, wanted.list);
      if (before) await this.#keepVersion(trx, wanted.list, before, former?.songs ?? []);
      await this.#upsert(trx, wanted, server);
      await this.#deleteIntent(trx, wanted.list);
    });
  }

  /** The list is as `version` had it, which is used up thereby. */
  async completeUndo(
    wanted: WantedList,
    server: { playlistId: string; name: string },
    version: string,
  ): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await trx.deleteFrom('playlist_versions').where('id', '=', version).execute();
      await this.#upsert(trx, wanted, server);
      await this.#deleteIntent(trx, wanted.list);
    });
  }

  /** The list is no longer ours: deleted, or left to the user. */
  async forget(list: string): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      for (const table of ['playlist_ledger', 'playlist_versions', 'playlist_intents'] as const) {
        await trx.deleteFrom(table).where('account', '=', this.#account).where('list', '=', list).execute();
      }
    });
  }

  async #read(db: Kysely<LedgerTables>, list: string): Promise<LedgerEntry | null> {
    const row = await db
      .selectFrom('playlist_ledger')
      .selectAll()
      .where('account', '=', this.#account)
      .where('list', '=', list)
      .executeTakeFirst();
    return row ? readEntry(row) : null;
  }

  async #upsert(
    trx: Transaction<LedgerTables>,
    wanted: WantedList,
    server: { playlistId: string; name: string },
  ): Promise<void> {
    const row = {
      playlist_id: server.playlistId,
      name: server.name,
      songs: column.json.encode(wanted.songs),
      about: wanted.about,
      short: wanted.short,
      written_at: this.#clock.now(),
    };
    await trx
      .insertInto('playlist_ledger')
      .values({ account: this.#account, list: wanted.list, ...row })
      .onConflict((conflict) => conflict.columns(['account', 'list']).doUpdateSet(row))
      .execute();
  }

  async #keepVersion(
    trx: Transaction<LedgerTables>,
    list: string,
    songIds: readonly string[],
    songs: readonly LedgerSong[],
  ): Promise<void> {
    const held = new Set(songIds);
    const kept = await trx
      .selectFrom('playlist_versions')
      .select(['id', 'sequence'])
      .where('account', '=', this.#account)
      .where('list', '=', list)
      .orderBy('sequence', 'desc')
      .execute();
    await trx
      .insertInto('playlist_versions')
      .values({
        id: randomUUID(),
        account: this.#account,
        list,
        sequence: (kept[0]?.sequence ?? 0) + 1,
        song_ids: column.json.encode(songIds),
        songs: column.json.encode(songs.filter((song) => held.has(song.id))),
        replaced_at: this.#clock.now(),
      })
      .execute();
    const old = kept.slice(VERSIONS - 1).map((row) => row.id);
    if (old.length > 0) await trx.deleteFrom('playlist_versions').where('id', 'in', old).execute();
  }

  async #deleteIntent(db: Kysely<LedgerTables>, list: string): Promise<void> {
    await db
      .deleteFrom('playlist_intents')
      .where('account', '=', this.#account)
      .where('list', '=', list)
      .execute();
  }
}

function readEntry(row: LedgerTables['playlist_ledger']): LedgerEntry {
  return {
    list: row.list,
    playlistId: row.playlist_id,
    name: row.name,
    songs: column.json.decode<LedgerSong[]>(row.songs),
    about: row.about,
    short: row.short,
    writtenAt: row.written_at,
  };
}
