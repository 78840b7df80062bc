import { chmodSync, chownSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { column, type Migrations } from '@atoll/sdk';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { acquireOwner } from './owner.js';
import { recordingLogger } from './recording-logger.fixture.js';
import { Storage, type StorageOptions } from './storage.js';
import { existingPlaces } from './storage-layout.js';
import { tempFolder } from './temp-folder.fixture.js';

const nobody = 65534;

interface Schema {
  song: { id: string };
}

const migrations: Migrations = {
  '001_songs': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('song')
        .addColumn('id', ...column.id())
        .execute();
      await sql`create virtual table song_text using fts5(title)`.execute(db);
    },
  },
};

async function open(options: Partial<StorageOptions> = {}): Promise<Storage> {
  const storage = await Storage.open({
    dataDir: tempFolder(),
    clock: new FakeClock(),
    logger: recordingLogger(),
    ...options,
  });
  onTestFinished(() => storage.close());
  return storage;
}

const ids = async (db: Kysely<Schema>) =>
  (await db.selectFrom('song').select('id').execute()).map((row) => row.id);

describe('storage', () => {
  it('keeps one file for the host and one for each plugin', async () => {
    const dataDir = join(tempFolder(), 'data');
    const storage = await open({ dataDir });
    const host = await storage.host<Schema>(migrations);
    const a = await storage.plugin('a', migrations);
    const b = await storage.plugin('b', {});
    await host.insertInto('song').values({ id: 'h' }).execute();
    await a.db<Schema>().insertInto('song').values({ id: 'a' }).execute();
    await a.kv.set('k', 'a');
    await b.kv.set('k', 'b');
    expect(await ids(host)).toEqual(['h']);
    expect(await ids(a.db<Schema>())).toEqual(['a']);
    expect(await a.kv.get('k')).toBe('a');
    await storage.close();
    expect(readdirSync(dataDir).sort()).toEqual(['host.db', 'plugins']);
    expect(readdirSync(join(dataDir, 'plugins')).sort()).toEqual(['a.db', 'b.db']);
    expect(existingPlaces(dataDir).map(({ name, plugin }) => [name, plugin])).toEqual([
      ['host', undefined],
      ['a', 'a'],
      ['b', 'b'],
    ]);
    expect(statSync(join(dataDir, 'plugins')).mode & 0o777).toBe(0o700);
  });

  it('finds everything again', async () => {
    const dataDir = tempFolder();
    const before = await open({ dataDir });
    const plugin = await before.plugin('a', migrations);
    await plugin.db<Schema>().insertInto('song').values({ id: 'x' }).execute();
    await plugin.kv.set('k', [1]);
    await before.close();
    const after = await (await open({ dataDir })).plugin('a', migrations);
    expect(await ids(after.db())).toEqual(['x']);
    expect(await after.kv.get('k')).toEqual([1]);
  });

  it('names a plugin’s tables, a full-text index as one', async () => {
    const plugin = await (await open()).plugin('a', migrations);
    expect(await plugin.tables()).toEqual(['atoll_kv', 'song', 'song_text']);
  });

  it('is closed with its plugin, and opened again with it', async () => {
    const clock = new FakeClock();
    const storage = await open({ clock });
    const first = await storage.plugin('a', migrations);
    await expect(storage.plugin('a', migrations)).rejects.toMatchObject({ code: 'conflict' });
    const db = first.db<Schema>();
    await db.insertInto('song').values({ id: 'x' }).execute();
    await first.close();
    await expect(ids(db)).rejects.toThrow();
    expect(clock.pending).toBe(0);
    const second = await storage.plugin('a', migrations);
    expect(await ids(second.db())).toEqual(['x']);
  });

  it('of one plugin fails alone, and may be tried again', async () => {
    const storage = await open();
    const broken: Migrations = { '001': { up: () => Promise.reject(new Error('no')) } };
    await expect(storage.plugin('a', broken)).rejects.toMatchObject({
      code: 'migration_failed',
      plugin: 'a',
    });
    await storage.plugin('b', migrations);
    await storage.plugin('a', migrations);
  });

  it.each(['../etc', 'A', '', 'a.b'])('takes no plugin called %j', async (id) => {
    await expect((await open()).plugin(id, {})).rejects.toThrow(TypeError);
  });

  it('opens nothing once it is closed', async () => {
    const storage = await open();
    await storage.close();
    await expect(storage.host({})).rejects.toThrow('closed');
  });

  it.runIf(process.getuid?.() === 0)('says which file it may not write', async () => {
    const dataDir = tempFolder();
    await (await open({ dataDir })).host(migrations).then((db) => db.destroy());
    chownSync(dataDir, nobody, nobody);
    chmodSync(join(dataDir, 'host.db'), 0o644);
    process.seteuid?.(nobody);
    try {
      const storage = await open({ dataDir });
      await expect(storage.host({})).rejects.toMatchObject({
        code: 'storage_unwritable',
        message: expect.stringContaining(join(dataDir, 'host.db')),
        hint: expect.stringContaining('chown'),
      });
    } finally {
      process.seteuid?.(0);
    }
  });

  it('in memory touches no disk, and outlives a restart of the plugin', async () => {
    const dataDir = join(tempFolder(), 'data');
    const storage = await open({ dataDir, memory: true });
    const first = await storage.plugin('a', migrations);
    await first.db<Schema>().insertInto('song').values({ id: 'x' }).execute();
    await first.close();
    const second = await storage.plugin('a', migrations);
    expect(await ids(second.db())).toEqual(['x']);
    await storage.host(migrations);
    expect(existsSync(dataDir)).toBe(false);
  });
});

describe('a folder of its own', () => {
  it('is owned while the storage is open', async () => {
    const dir = join(tempFolder(), 'databases');
    const storage = await open({ url: `sqlite:${dir}` });
    await storage.host(migrations);
    expect(existsSync(join(dir, 'host.db'))).toBe(true);
    await expect(open({ url: `sqlite:${dir}` })).rejects.toMatchObject({ code: 'storage_owned' });
    await storage.close();
    await (await open({ url: `sqlite:${dir}` })).close();
  });

  it('that is the data folder does not ask for it twice', async () => {
    const dataDir = tempFolder();
    await using _owner = await acquireOwner(dataDir);
    const storage = await open({ dataDir, url: `sqlite:${dataDir}` });
    await storage.host(migrations);
  });

  it('cannot be another kind of database', async () => {
    await expect(open({ url: 'postgres://localhost/atoll' })).rejects.toMatchObject({
      code: 'storage_unsupported',
    });
  });
});
