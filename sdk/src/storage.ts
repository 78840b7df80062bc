import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Migrations by name; names sort in the order they run, for example `001_songs`. */
export type Migrations = Record<string, Migration>;

/** What the host keeps for one plugin. */
export interface PluginStorage {
  /** The plugin's own database, migrated before `setup` runs. */
  db<Schema>(): Kysely<Schema>;
  /** Small values by key, each with an optional lifetime. */
  readonly kv: KeyValueStore;
}

/** JSON values by key, in the plugin's own namespace. A resolved write is on disk. */
export interface KeyValueStore {
  get<T>(key: string): Promise<T | undefined>;
  /** Stores `value`; it is gone after `ttlMs`. */
  set(key: string, value: unknown, options?: { ttlMs?: number }): Promise<void>;
  delete(key: string): Promise<boolean>;
  /** Live keys that start with `prefix`, sorted. */
  keys(prefix?: string): Promise<string[]>;
  /** Reads, changes and writes in one transaction; returns what was written. Returning undefined deletes. */
  update<T>(
    key: string,
    change: (current: T | undefined) => T | undefined,
    options?: { ttlMs?: number },
  ): Promise<T | undefined>;
}
