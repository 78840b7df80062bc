import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { column, type Migrations } from '@atoll/sdk';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { migrateDatabase } from './migrate-database.js';
import { migrationStatus } from './migration-status.js';
import { type Database, openDatabase } from './open-database.js';
import { recordingLogger } from './recording-logger.fixture.js';
import { rollbackMigration } from './rollback-migration.js';
import { SourceProcess } from './source-process.fixture.js';
import { pluginPlace } from './storage-layout.js';
import { tempFolder } from './temp-folder.fixture.js';

interface Schema {
  album: { id: string; title: string; year?: string | null };
  song: { id: string; album_id: string };
}

const first: Migrations = {
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
const rebuild: Migrations = {
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

const failing: Migrations = {
  '003_oops': {
    up: async (db: Kysely<unknown>) => {
      await db.schema.createTable('half').addColumn('id', 'text').execute();
      await sql`delete from album`.execute(db);
      throw new Error('the disk gremlin');
    },
  },
};

class Library {
  readonly dir = tempFolder();
  readonly place = pluginPlace(this.dir, 'lib');
  readonly clock = new FakeClock();
  readonly logger = recordingLogger();

  /** Opens the database as a start of the host does, migrates it, and closes it after `use`. */
  async start<T>(migrations: Migrations, use: (db: Database<Schema>) => Promise<T>): Promise<T> {
    mkdirSync(join(this.dir, 'plugins'), { recursive: true });
    const db = openDatabase<Schema>({ file: this.place.file, name: 'lib' });
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

async function populate(db: Database<Schema>): Promise<void> {
  await db.insertInto('album').values({ id: 'a', title: 'Blue Train' }).execute();
  await db
    .insertInto('song')
    .values([
      { id: 's1', album_id: 'a' },
      { id: 's2', album_id: 'a' },
    ])
    .execute();
}

async function content(db: Database<Schema>): Promise<{ albums: number; songs: number }> {
  const albums = await db.selectFrom('album').selectAll().execute();
  const songs = await db.selectFrom('song').selectAll().execute();
  return { albums: albums.length, songs: songs.length };
}

async function populated(): Promise<Library> {
  const library = new Library();
  await library.start(first, populate);
  return library;
}

describe('migrating', () => {
  it('a new database needs no copy', async () => {
    const library = await populated();
    expect(library.backups()).toEqual([]);
    expect(library.logger.lines).toEqual(['info: migrated the database "lib": 001_albums']);
  });

  it('runs each migration once', async () => {
    const library = await populated();
    expect(await library.start(first, content)).toEqual({ albums: 1, songs: 2 });
    expect(library.logger.lines).toHaveLength(1);
  });

  it('may rebuild a table whose children would be deleted with it', async () => {
    const library = await populated();
    await library.start({ ...first, ...rebuild }, async (db) => {
      expect(await content(db)).toEqual({ albums: 1, songs: 2 });
      await db.deleteFrom('album').execute();
      expect(await content(db)).toEqual({ albums: 0, songs: 0 });
      await expect(db.insertInto('song').values({ id: 's', album_id: 'gone' }).execute()).rejects.toThrow(
        'FOREIGN KEY',
      );
    });
  });

  it('copies a populated database before, for its user alone, and leaves nothing else', async () => {
    const library = await populated();
    await library.start({ ...first, ...rebuild }, content);
    expect(library.backups()).toEqual(['lib-20260105T120100000Z.db']);
    const copy = openDatabase<Schema>({ file: join(library.place.backupDir, 'lib-20260105T120100000Z.db') });
    expect(await content(copy)).toEqual({ albums: 1, songs: 2 });
    await copy.destroy();
    expect(statSync(library.place.backupDir).mode & 0o777).toBe(0o700);
  });

  it('keeps the newest five copies', async () => {
    const library = await populated();
    const migrations = { ...first };
    for (let n = 2; n <= 8; n++) {
      migrations[`00${n}`] = { up: async (db: Kysely<unknown>) => void (await sql`select 1`.execute(db)) };
      await library.start(migrations, content);
    }
    expect(library.backups()).toHaveLength(5);
    expect(library.backups()[0]).toContain('T120300000Z');
  });
});

describe('a migration that fails', () => {
  it('is named, and the database is as it was, those before it in the same run included', async () => {
    const library = await populated();
    const start = library.start({ ...first, ...rebuild, ...failing }, content);
    await expect(start).rejects.toMatchObject({
      code: 'migration_failed',
      plugin: 'lib',
      message:
        'The migration "003_oops" of the plugin "lib" failed: the disk gremlin. The database is as it was before.',
    });
    const state = await library.start(first, async (db) => ({
      ...(await content(db)),
      tables: (await db.introspection.getTables()).map((table) => table.name).sort(),
      columns: (await db.introspection.getTables()).find((table) => table.name === 'album')?.columns.length,
    }));
    expect(state).toEqual({ albums: 1, songs: 2, tables: ['album', 'song'], columns: 2 });
  });

  it('does not push older copies out, however often the start is tried', async () => {
    const library = await populated();
    await library.start({ ...first, ...rebuild }, content);
    const before = library.backups();
    for (let n = 0; n < 6; n++) {
      await expect(library.start({ ...first, ...rebuild, ...failing }, content)).rejects.toThrow('gremlin');
    }
    expect(library.backups()).toEqual(before);
  });

  it('on a new database leaves not even the tables that keep count', async () => {
    const library = new Library();
    await expect(library.start(failing, content)).rejects.toThrow('no such table: album');
    await library.start({}, async (db) => {
      expect(await db.introspection.getTables({ withInternalKyselyTables: true })).toEqual([]);
    });
  });

  it('by leaving references to nothing is undone', async () => {
    const library = await populated();
    const orphan: Migrations = {
      '002_orphan': { up: async (db: Kysely<unknown>) => void (await sql`delete from album`.execute(db)) },
    };
    await expect(library.start({ ...first, ...orphan }, content)).rejects.toThrow(
      '2 row(s) would refer to rows that are not there, the first in table "song"',
    );
    expect(await library.start(first, content)).toEqual({ albums: 1, songs: 2 });
  });

  it('because the process was killed half way is as if it never ran', { timeout: 30_000 }, async () => {
    const library = await populated();
    const other = new SourceProcess('./migrate-program.fixture.ts', library.dir);
    expect(await other.line()).toBe('half way');
    await other.kill();
    expect(await library.start({ ...first, ...rebuild }, content)).toEqual({ albums: 1, songs: 2 });
  });

  it('for want of space says that', async () => {
    const library = await populated();
    const hungry: Migrations = {
      '002_big': {
        up: async (db: Kysely<unknown>) => {
          await sql`pragma max_page_count = 10`.execute(db);
          await sql`insert into album (id, title) values ('b', ${'x'.repeat(100_000)})`.execute(db);
        },
      },
    };
    await expect(library.start({ ...first, ...hungry }, content)).rejects.toMatchObject({
      code: 'disk_full',
      status: 507,
      message: expect.stringContaining('002_big'),
    });
  });

  it('before it began, because no copy could be made, changes nothing', async () => {
    const library = await populated();
    writeFileSync(join(library.dir, 'backups'), 'a file where the folder should be');
    await expect(library.start({ ...first, ...rebuild }, content)).rejects.toThrow();
    expect(await library.start(first, content)).toEqual({ albums: 1, songs: 2 });
  });
});

describe('a database that does not fit the code', () => {
  it('because it is newer is refused with the way back', async () => {
    const library = await populated();
    await library.start({ ...first, ...rebuild }, content);
    await expect(library.start(first, content)).rejects.toMatchObject({
      code: 'storage_newer',
      plugin: 'lib',
      message: expect.stringContaining('002_album_year'),
      hint: expect.stringContaining('atoll migrate rollback lib'),
    });
  });

  it('because a migration was added in between is refused', async () => {
    const library = await populated();
    const early: Migrations = { '000_early': { up: async () => undefined } };
    await expect(library.start({ ...early, ...first }, content)).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringContaining('000_early'),
    });
  });
});

describe('status', () => {
  it('of a database that is not there lists what will run', async () => {
    const { place } = new Library();
    expect(await migrationStatus(place, Object.keys(first))).toEqual({
      ...{ name: 'lib', applied: [], pending: ['001_albums'], unknown: [], rollback: undefined },
    });
    expect(existsSync(place.file)).toBe(false);
  });

  it('tells applied, pending and unknown apart, while the database is open', async () => {
    const library = await populated();
    await library.start({ ...first, ...rebuild }, async () => {
      const status = await migrationStatus(library.place, ['001_albums', '003_next']);
      expect(status).toMatchObject({
        applied: [{ name: '001_albums', at: expect.stringMatching(/Z$/) }, { name: '002_album_year' }],
        pending: ['003_next'],
        unknown: ['002_album_year'],
        rollback: { applied: ['001_albums'] },
      });
    });
    expect(library.backups()).toHaveLength(1);
  });
});

describe('rollback', () => {
  it('restores the populated database, and keeps the one it replaced', async () => {
    const library = await populated();
    await library.start({ ...first, ...rebuild }, async (db) => {
      await db.insertInto('album').values({ id: 'b', title: 'Later' }).execute();
    });
    const result = await rollbackMigration(library.place, library.clock);
    expect(result.removed).toEqual(['002_album_year']);
    expect(await library.start(first, content)).toEqual({ albums: 1, songs: 2 });
    const kept = openDatabase<Schema>({ file: result.replaced });
    expect(await content(kept)).toEqual({ albums: 2, songs: 2 });
    await kept.destroy();
    expect(readdirSync(join(library.dir, 'plugins'))).toEqual(['lib.db']);
    expect(library.backups().filter((file) => file.includes('partial'))).toEqual([]);
  });

  it('goes back one run of migrations at a time', async () => {
    const library = await populated();
    const third: Migrations = { '003': { up: async () => undefined } };
    await library.start({ ...first, ...rebuild }, content);
    await library.start({ ...first, ...rebuild, ...third }, content);
    expect((await rollbackMigration(library.place, library.clock)).removed).toEqual(['003']);
    expect((await rollbackMigration(library.place, library.clock)).removed).toEqual(['002_album_year']);
    expect(await library.start(first, content)).toEqual({ albums: 1, songs: 2 });
    await expect(rollbackMigration(library.place, library.clock)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await library.start({ ...first, ...rebuild }, content)).toEqual({ albums: 1, songs: 2 });
  });

  it('takes what a killed process left in the log into account', async () => {
    const library = await populated();
    await library.start({ ...first, ...rebuild }, content);
    const db = openDatabase<Schema>({ file: library.place.file });
    await db.insertInto('album').values({ id: 'b', title: 'In the log' }).execute();
    const log = readFileSync(`${library.place.file}-wal`);
    const main = readFileSync(library.place.file);
    await db.destroy();
    writeFileSync(library.place.file, main);
    writeFileSync(`${library.place.file}-wal`, log);
    const { replaced } = await rollbackMigration(library.place, library.clock);
    const kept = openDatabase<Schema>({ file: replaced });
    expect((await content(kept)).albums).toBe(2);
    await kept.destroy();
    expect((await library.start(first, content)).albums).toBe(1);
  });

  it('of a database in use is refused', async () => {
    const library = await populated();
    await library.start({ ...first, ...rebuild }, async (db) => {
      await db.transaction().execute(async (trx) => {
        await trx.insertInto('album').values({ id: 'x', title: 'x' }).execute();
        await expect(rollbackMigration(library.place, library.clock)).rejects.toMatchObject({
          code: 'storage_busy',
        });
      });
    });
  }, 20_000);

  it('of nothing is refused', async () => {
    const { place, clock } = new Library();
    await expect(rollbackMigration(place, clock)).rejects.toMatchObject({ code: 'not_found' });
  });
});
