import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Migrations } from '@atoll/sdk';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import {
  content,
  failing,
  first,
  Library,
  type LibrarySchema,
  populated,
  rebuild,
} from './library.fixture.js';
import { openDatabase } from './open-database.js';
import { SourceProcess } from './source-process.fixture.js';

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
    const copy = openDatabase<LibrarySchema>({
      file: join(library.place.backupDir, 'lib-20260105T120100000Z.db'),
    });
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
