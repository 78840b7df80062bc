import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { column, type Migrations } from '@atoll/sdk';
import { type Kysely, sql } from 'kysely';
import { FakeClock } from '../clock/fake-clock.js';
import { migrateDatabase } from './migrate-database.js';
import { type Database, openDatabase } from './open-database.js';
import { recordingLogger } from './recording-logger.fixture.js';
import { pluginPlace } from './storage-layout.js';
import { tempFolder } from './temp-folder.fixture.js';

export interface LibrarySchema {
  album: { id: string; title: string; year?: string | null };
  song: { id: string; album_id: string };
}

/** What a first version of the code brings. */
export const first: Migrations = {
  '001_albums': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('album')
        .addColumn('id', ...column.id())
        .addColumn('title', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('song')
        .addColumn('id', ...column.id())
        .addColumn('album_id', 'text', (c) => c.notNull().references('album.id').onDelete('cascade'))
        .execute();
    },
  },
};

/** Rebuilds a table that others refer to, the only way to change a column's type on SQLite. */
export const rebuild: Migrations = {
  '002_album_year': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('album_new')
        .addColumn('id', ...column.id())
        .addColumn('title', 'text', (c) => c.notNull())
        .addColumn('year', 'text')
        .execute();
      await sql`insert into album_new (id, title) select id, title from album`.execute(db);
      await db.schema.dropTable('album').execute();
      await db.schema.alterTable('album_new').renameTo('album').execute();
    },
  },
};

/** Fails after it has changed things. */
export const failing: Migrations = {
  '003_oops': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.createTable('half').addColumn('id', 'text').execute();
      await sql`delete from album`.execute(db);
      throw new Error('the disk gremlin');
    },
  },
};

/** A plugin's database over several starts of the host, a minute apart. */
export class Library {
  readonly dir = tempFolder();
  readonly place = pluginPlace(this.dir, 'lib');
  readonly clock = new FakeClock();
  readonly logger = recordingLogger();

  /** Opens the database as a start of the host does, migrates it, and closes it after `use`. */
  async start<T>(migrations: Migrations, use: (db: Database<LibrarySchema>) => Promise<T>): Promise<T> {
    mkdirSync(join(this.dir, 'plugins'), { recursive: true });
    const db = openDatabase<LibrarySchema>({ file: this.place.file, name: 'lib' });
    try {
      const { clock, logger } = this;
      await migrateDatabase(db, { ...this.place, migrations, clock, logger });
      return await use(db);
    } finally {
      await db.destroy();
      await this.clock.advance(60_000);
    }
  }

  backups(): string[] {
    return existsSync(this.place.backupDir) ? readdirSync(this.place.backupDir).sort() : [];
  }
}

async function populate(db: Database<LibrarySchema>): Promise<void> {
  await db.insertInto('album').values({ id: 'a', title: 'Blue Train' }).execute();
  await db
    .insertInto('song')
    .values([
      { id: 's1', album_id: 'a' },
      { id: 's2', album_id: 'a' },
    ])
    .execute();
}

/** What is in it. */
export async function content(db: Database<LibrarySchema>): Promise<{ albums: number; songs: number }> {
  const albums = await db.selectFrom('album').selectAll().execute();
  const songs = await db.selectFrom('song').selectAll().execute();
  return { albums: albums.length, songs: songs.length };
}

/** A database of the first version that holds an album with two songs. */
export async function populated(): Promise<Library> {
  const library = new Library();
  await library.start(first, populate);
  return library;
}
