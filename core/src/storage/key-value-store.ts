import { type Clock, column, type Disposer, type KeyValueStore, type Logger } from '@atoll/sdk';
import { type Kysely, sql } from 'kysely';

interface KeyValueTables {
  atoll_kv: { key: string; value: string; expires_at: number | null };
}

const sweepEveryMs = 10 * 60_000;
const longestKey = 512;

/**
 * JSON values by key in a table of the plugin's own database. An expired value is never returned; a sweep deletes
 * it later, and writes only when there is one.
 */
export class KyselyKeyValueStore implements KeyValueStore {
  readonly #db: Kysely<KeyValueTables>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #cancelSweep: Disposer | undefined;

  private constructor(db: Kysely<KeyValueTables>, clock: Clock, logger: Logger) {
    this.#db = db;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Makes the table where it is missing, and starts sweeping until `close`. */
  static async open(db: Kysely<unknown>, clock: Clock, logger: Logger): Promise<KyselyKeyValueStore> {
    await db.schema
      .createTable('atoll_kv')
      .ifNotExists()
      .addColumn('key', ...column.id())
      .addColumn('value', ...column.json())
      .addColumn('expires_at', ...column.instant((c) => c))
      .execute();
    await db.schema
      .createIndex('atoll_kv_expiry')
      .ifNotExists()
      .on('atoll_kv')
      .column('expires_at')
      .where(sql.ref('expires_at'), 'is not', null)
      .execute();
    const store = new KyselyKeyValueStore(db as Kysely<KeyValueTables>, clock, logger);
    store.#armSweep();
    return store;
  }

  async get<T>(key: string): Promise<T | undefined> {
    return this.#read<T>(this.#db, checkedKey(key));
  }

  async set(key: string, value: unknown, options: { ttlMs?: number } = {}): Promise<void> {
    await this.#write(this.#db, checkedKey(key), value, options.ttlMs);
  }

  async delete(key: string): Promise<boolean> {
    const deleted = await this.#db
      .deleteFrom('atoll_kv')
      .where('key', '=', checkedKey(key))
      .returning('expires_at')
      .executeTakeFirst();
    return deleted !== undefined && !this.#isExpired(deleted.expires_at);
  }

  async keys(prefix = ''): Promise<string[]> {
    if (prefix !== '') checkedKey(prefix);
    // Compared by length and not with LIKE: its wildcards would need escapes, and it ignores case on SQLite.
    const rows = await this.#live(this.#db)
      .select('key')
      .where(sql`substr(key, 1, length(cast(${prefix} as text)))`, '=', prefix)
      .execute();
    return rows.map((row) => row.key).sort();
  }

  async update<T>(
    key: string,
    change: (current: T | undefined) => T | undefined,
    options: { ttlMs?: number } = {},
  ): Promise<T | undefined> {
    checkedKey(key);
    return this.#db.transaction().execute(async (trx) => {
      const next = change(await this.#read<T>(trx, key));
      if (next === undefined) {
        await trx.deleteFrom('atoll_kv').where('key', '=', key).execute();
      } else {
        if (next instanceof Promise) throw new TypeError(`update of "${key}": the change must not be async`);
        await this.#write(trx, key, next, options.ttlMs);
      }
      return next;
    });
  }

  /** Stops sweeping. */
  close(): void {
    void this.#cancelSweep?.();
    this.#cancelSweep = undefined;
  }

  async #read<T>(db: Kysely<KeyValueTables>, key: string): Promise<T | undefined> {
    const row = await this.#live(db).select('value').where('key', '=', key).executeTakeFirst();
    return row && column.json.decode<T>(row.value);
  }

  async #write(db: Kysely<KeyValueTables>, key: string, value: unknown, ttlMs?: number): Promise<void> {
    const row = { value: encoded(key, value), expires_at: this.#expiry(key, ttlMs) };
    await db
      .insertInto('atoll_kv')
      .values({ key, ...row })
      .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
      .execute();
  }

  #live(db: Kysely<KeyValueTables>) {
    return db
      .selectFrom('atoll_kv')
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', this.#clock.now())]));
  }

  #expiry(key: string, ttlMs: number | undefined): number | null {
    if (ttlMs === undefined) return null;
    if (Number.isFinite(ttlMs) && ttlMs > 0) return Math.ceil(this.#clock.now() + ttlMs);
    throw new RangeError(`"${key}": ttlMs must be a positive number of milliseconds, not ${ttlMs}`);
  }

  #isExpired(expiresAt: number | null): boolean {
    return expiresAt !== null && expiresAt <= this.#clock.now();
  }

  #armSweep(): void {
    this.#cancelSweep = this.#clock.setTimeout(() => {
      this.#armSweep();
      this.#sweep().catch((err: unknown) =>
        this.#logger.warn({ err }, 'expired values could not be deleted'),
      );
    }, sweepEveryMs);
  }

  async #sweep(): Promise<void> {
    const now = this.#clock.now();
    const expired = this.#db.selectFrom('atoll_kv').select('key').where('expires_at', '<=', now).limit(1);
    if (!(await expired.executeTakeFirst())) return;
    await this.#db.deleteFrom('atoll_kv').where('expires_at', '<=', now).execute();
  }
}

function encoded(key: string, value: unknown): string {
  try {
    return column.json.encode(value);
  } catch (cause) {
    throw new TypeError(`the value of "${key}" cannot be stored: ${(cause as Error).message}`, { cause });
  }
}

function checkedKey(key: string): string {
  if (typeof key !== 'string' || key === '' || key.length > longestKey)
    throw new TypeError(`a key is a text of 1 to ${longestKey} characters`);
  // Half a surrogate pair would be stored as another character, and PostgreSQL takes no NUL.
  if (key.includes('\0') || !key.isWellFormed())
    throw new TypeError(`the key ${JSON.stringify(key)} holds characters that cannot be stored`);
  return key;
}
