import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Migrations } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { content, first, Library, type LibrarySchema, populated, rebuild } from './library.fixture.js';
import { migrationStatus } from './migration-status.js';
import { openDatabase } from './open-database.js';
import { rollbackMigration } from './rollback-migration.js';

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
    const kept = openDatabase<LibrarySchema>({ file: result.replaced });
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
    const db = openDatabase<LibrarySchema>({ file: library.place.file });
    await db.insertInto('album').values({ id: 'b', title: 'In the log' }).execute();
    const log = readFileSync(`${library.place.file}-wal`);
    const main = readFileSync(library.place.file);
    await db.destroy();
    writeFileSync(library.place.file, main);
    writeFileSync(`${library.place.file}-wal`, log);
    const { replaced } = await rollbackMigration(library.place, library.clock);
    const kept = openDatabase<LibrarySchema>({ file: replaced });
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
