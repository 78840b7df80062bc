import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  AtollError,
  type Clock,
  type KeyValueStore,
  type Logger,
  type Migrations,
  type PluginStorage,
  pluginIdSchema,
} from '@atoll/sdk';
import type { Kysely } from 'kysely';
import { prepareDataFolder } from './data-folder.js';
import { KyselyKeyValueStore } from './key-value-store.js';
import { migrateDatabase } from './migrate-database.js';
import { type Database, openDatabase } from './open-database.js';
import { acquireOwner, type Owner } from './owner.js';
import { listTables } from './sqlite/list-tables.js';
import { type DatabasePlace, hostPlace, pluginPlace } from './storage-layout.js';
import { parseStorageUrl } from './storage-url.js';

export interface StorageOptions {
  dataDir: string;
  /** `storage.url`; default: SQLite files in the data folder. */
  url?: string;
  /** Databases in memory, which live as long as this object: for tests. */
  memory?: boolean;
  clock: Clock;
  logger: Logger;
}

/** A plugin's storage while the plugin runs. */
export interface OpenPluginStorage extends PluginStorage {
  /** Names of the plugin's tables, sorted. */
  tables(): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens, migrates and closes the databases of the host and its plugins: one SQLite file each. */
export class Storage {
  readonly #dir: string;
  readonly #memory: boolean;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #owner: Owner | undefined;
  readonly #open = new Map<string, Database<unknown>>();
  readonly #running = new Set<string>();
  readonly #keyValueStores = new Set<KyselyKeyValueStore>();
  #closed = false;

  private constructor(dir: string, owner: Owner | undefined, options: StorageOptions) {
    this.#dir = dir;
    this.#owner = owner;
    this.#memory = options.memory ?? false;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /**
   * Prepares the folder of the databases. The caller owns the data folder (`acquireOwner`); where `url` names
   * another one, that is owned too until `close`.
   *
   * @throws AtollError `storage_unsupported`, `storage_unwritable` or `storage_owned`
   */
  static async open(options: StorageOptions): Promise<Storage> {
    const { dir } = parseStorageUrl(options.url, options.dataDir);
    if (options.memory) return new Storage(dir, undefined, options);
    if (dir === resolve(options.dataDir)) {
      prepareDataFolder(dir);
      return new Storage(dir, undefined, options);
    }
    return new Storage(dir, await acquireOwner(dir), options);
  }

  /** The folder that holds the databases. */
  get dir(): string {
    return this.#dir;
  }

  /** The host's own database, migrated. */
  async host<Schema>(migrations: Migrations): Promise<Database<Schema>> {
    return (await this.#migrated(hostPlace(this.#dir), migrations)) as Database<Schema>;
  }

  /**
   * A plugin's database, migrated, and its key-value store.
   *
   * @throws AtollError as `migrateDatabase` does
   */
  async plugin(id: string, migrations: Migrations): Promise<OpenPluginStorage> {
    if (!pluginIdSchema.safeParse(id).success) throw new TypeError(`"${id}" is not a plugin's id`);
    if (this.#running.has(id)) throw new AtollError('conflict', `The storage of the plugin "${id}" is open.`);
    this.#running.add(id);
    try {
      const place = pluginPlace(this.#dir, id);
      const db = await this.#migrated(place, migrations);
      const kv = await KyselyKeyValueStore.open(db, this.#clock, this.#logger);
      this.#keyValueStores.add(kv);
      return this.#pluginStorage(place, db, kv);
    } catch (error) {
      this.#running.delete(id);
      throw error;
    }
  }

  /** Closes every database, after the queries under way. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const kv of this.#keyValueStores) kv.close();
    const databases = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(databases.map((db) => db.destroy()));
    await this.#owner?.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #pluginStorage(place: DatabasePlace, db: Database<unknown>, kv: KyselyKeyValueStore): OpenPluginStorage {
    return {
      db: <Schema>() => db as Kysely<Schema>,
      kv: kv as KeyValueStore,
      tables: () => listTables(db),
      close: async () => {
        kv.close();
        this.#keyValueStores.delete(kv);
        this.#running.delete(place.name);
        if (!this.#memory) await this.#shut(place);
      },
    };
  }

  async #migrated(place: DatabasePlace, migrations: Migrations): Promise<Database<unknown>> {
    if (this.#closed) throw new Error('the storage is closed');
    const known = this.#open.get(place.file);
    const db = known ?? (await this.#openFile(place));
    this.#open.set(place.file, db);
    try {
      await migrateDatabase(db, {
        ...place,
        file: this.#memory ? ':memory:' : place.file,
        migrations,
        clock: this.#clock,
        logger: this.#logger,
      });
    } catch (error) {
      if (!this.#memory) await this.#shut(place);
      throw error;
    }
    return db;
  }

  async #openFile({ file, name }: DatabasePlace): Promise<Database<unknown>> {
    if (this.#memory) return openDatabase({ file: ':memory:', name, logger: this.#logger });
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    return openDatabase({ file, name, logger: this.#logger });
  }

  async #shut({ file }: DatabasePlace): Promise<void> {
    const db = this.#open.get(file);
    this.#open.delete(file);
    await db?.destroy();
  }
}
