import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Migrations by name; names sort in the order they run, for example `001_songs`. */
export type Migrations = Record<string, Migration>;

/** What the host keeps for one plugin. */
export interface PluginStorage {
  /**
   * The plugin's own database, migrated before `setup` runs. A resolved write is on disk.
   *
   * Inside a transaction use its own object only: a query on the database fails with `storage_nested_query`.
   * Queries also fail with `disk_full`, `storage_unwritable`, `storage_corrupt` or `storage_busy`; violated
   * constraints stay as the database reports them, see `isUniqueViolation`. Values are what the columns of `column`
   * take; anything else is a TypeError.
   */
  db<Schema>(): Kysely<Schema>;
  /** Small values by key, each with an optional lifetime. */
  readonly kv: KeyValueStore;
}

/**
 * JSON values by key, in the plugin's own namespace. A resolved write is on disk. A key is a text of 1 to 512
 * characters; a value that JSON would lose or change in silence (undefined, NaN, a map) is a TypeError.
 */
export interface KeyValueStore {
  get<T>(key: string): Promise<T | undefined>;
  /** Stores `value`; it is gone after `ttlMs`, and stays for good without. */
  set(key: string, value: unknown, options?: { ttlMs?: number }): Promise<void>;
  /** Whether there was a live value. */
  delete(key: string): Promise<boolean>;
  /** Live keys that start with `prefix`, sorted. */
  keys(prefix?: string): Promise<string[]>;
  /**
   * Reads, changes and writes in one transaction; returns what was written. Returning undefined deletes; the
   * lifetime is that of `options`, as for `set`. `change` must not be async.
   */
  update<T>(
    key: string,
    change: (current: T | undefined) => T | undefined,
    options?: { ttlMs?: number },
  ): Promise<T | undefined>;
}
