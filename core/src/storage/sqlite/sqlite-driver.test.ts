import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FakeClock } from '../../clock/fake-clock.js';
import type { Database } from '../open-database.js';
import { recordingLogger } from '../recording-logger.fixture.js';
import { countOf, insert, type SongSchema, songs } from '../songs.fixture.js';
import { tempFolder } from '../temp-folder.fixture.js';
import { asMaintenance } from './sqlite-driver.js';

/** Runs as code does that is no part of the present transaction. */
const outside = AsyncLocalStorage.snapshot();

describe('transactions', () => {
  it('take all or nothing', async () => {
    const db = await songs();
    const failing = db.transaction().execute(async (trx) => {
      await insert(trx, 'a');
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await countOf(db)).toBe(0);
  });

  it('whose commit fails are undone', async () => {
    const db = await songs();
    await sql`create table cover (id text, song_id text references song (id) deferrable initially deferred)`.execute(
      db,
    );
    const dangling = db.transaction().execute(async (trx) => {
      await insert(trx, 'a');
      await sql`insert into cover values ('c', 'gone')`.execute(trx);
    });
    await expect(dangling).rejects.toThrow('FOREIGN KEY');
    expect(await countOf(db)).toBe(0);
  });

  it('let other queries wait for their turn', async () => {
    const db = await songs();
    const order: string[] = [];
    const transaction = db.transaction().execute(async (trx) => {
      await insert(trx, 'a');
      await new Promise(setImmediate);
      await insert(trx, 'b');
      order.push('transaction');
    });
    const query = countOf(db).then((n) => order.push(`count ${n}`));
    await Promise.all([transaction, query]);
    expect(order).toEqual(['transaction', 'count 2']);
  });

  const nested: [string, (db: Database<SongSchema>, inner: () => Promise<unknown>) => Promise<unknown>][] = [
    ['a transaction', (db, inner) => db.transaction().execute(inner)],
    [
      'one with an isolation level',
      (db, inner) => db.transaction().setIsolationLevel('serializable').execute(inner),
    ],
    [
      'one of a derived object',
      (db, inner) => db.withSchema('main').withoutPlugins().transaction().execute(inner),
    ],
    [
      'one on a held connection',
      (db, inner) => db.connection().execute((one) => one.transaction().execute(inner)),
    ],
  ];

  it.each(nested)('refuse a query on the database itself from inside %s', async (_name, run) => {
    const db = await songs();
    await expect(run(db, () => countOf(db))).rejects.toMatchObject({ code: 'storage_nested_query' });
    await expect(run(db, () => db.transaction().execute(async () => 1))).rejects.toMatchObject({
      code: 'storage_nested_query',
    });
    expect(await countOf(db)).toBe(0);
  });

  it('do not stand in the way of queries elsewhere, before, beside or after', async () => {
    const db = await songs();
    const other = await songs();
    const beside: Promise<unknown>[] = [];
    let later: (() => Promise<number>) | undefined;
    await db.transaction().execute(async (trx) => {
      await insert(other, 'x');
      await insert(trx, 'a');
      later = () => countOf(db);
    });
    beside.push(
      countOf(db),
      db.transaction().execute((trx) => insert(trx, 'b')),
      countOf(db),
    );
    await Promise.all(beside);
    expect(await later?.()).toBe(2);
  });

  it('under manual control that wait for themselves fail every waiter after 30 s', async () => {
    const clock = new FakeClock();
    const db = await songs({ clock });
    const trx = await db.startTransaction().execute();
    await insert(trx, 'a');
    const stuck = Promise.allSettled([countOf(db), countOf(db)]);
    await clock.advance(31_000);
    expect(await stuck).toMatchObject([
      { reason: { code: 'storage_nested_query', status: 503 } },
      { reason: { code: 'storage_nested_query' } },
    ]);
    await trx.commit().execute();
    expect(await countOf(db)).toBe(1);
  });

  it('under manual control know savepoints', async () => {
    const db = await songs();
    const trx = await db.startTransaction().execute();
    await insert(trx, 'a');
    const after = await trx.savepoint('after "a"').execute();
    await insert(after, 'b');
    const back = await after.rollbackToSavepoint('after "a"').execute();
    await back.releaseSavepoint('after "a"').execute();
    await trx.commit().execute();
    expect(await db.selectFrom('song').select('id').execute()).toEqual([{ id: 'a' }]);
  });

  it('that are never ended do not keep the database from closing', async () => {
    const clock = new FakeClock();
    const logger = recordingLogger();
    const file = join(tempFolder(), 'a.db');
    const db = await songs({ file, clock, logger });
    const trx = await db.startTransaction().execute();
    await insert(trx, 'a');
    const waiting = Promise.allSettled([countOf(db)]);
    const closed = db.destroy();
    await clock.advance(5000);
    await closed;
    expect(logger.lines).toEqual([expect.stringContaining('with a transaction still open')]);
    expect(await waiting).toMatchObject([{ status: 'rejected' }]);
    expect(await countOf(await songs({ file }))).toBe(0);
  });

  it('that hold the database for long are warned about', async () => {
    const clock = new FakeClock();
    const logger = recordingLogger();
    const db = await songs({ clock, logger });
    await db.transaction().execute(() => clock.advance(250));
    expect(logger.lines).toEqual([]);
    await db.transaction().execute(() => clock.advance(251));
    expect(logger.lines).toEqual([
      expect.stringMatching(/^warn: a transaction held the database "songs" for 251 ms/),
    ]);
  });

  it('of maintenance may take as long as they need', async () => {
    const clock = new FakeClock();
    const logger = recordingLogger();
    const db = await songs({ clock, logger });
    let waiting: Promise<number> | undefined;
    await asMaintenance(() =>
      db.transaction().execute(async (trx) => {
        await insert(trx, 'a');
        waiting = outside(() => countOf(db));
        await clock.advance(120_000);
      }),
    );
    expect(await waiting).toBe(1);
    expect(logger.lines).toEqual([]);
  });

  it('do not fail because another process wrote since their first read', async () => {
    const file = join(tempFolder(), 'a.db');
    const db = await songs({ file });
    await insert(db, 'a');
    const other = new DatabaseSync(file, { timeout: 0 });
    onTestFinished(() => other.close());
    await db.transaction().execute(async (trx) => {
      await countOf(trx);
      expect(() => other.exec("insert into song (id, plays) values ('x', 0)")).toThrow('locked');
      await insert(trx, 'b');
    });
    other.exec("insert into song (id, plays) values ('x', 0)");
    expect(await countOf(db)).toBe(3);
  });

  it('declared read only refuse writes, and only inside', async () => {
    const db = await songs();
    const writing = db
      .transaction()
      .setAccessMode('read only')
      .execute((trx) => insert(trx, 'a'));
    await expect(writing).rejects.toMatchObject({ code: 'storage_unwritable' });
    await insert(db, 'a');
  });

  it('opened by hand and left open are rolled back', async () => {
    const logger = recordingLogger();
    const db = await songs({ logger });
    await sql`begin`.execute(db);
    await insert(db, 'a');
    expect(await countOf(db)).toBe(1);
    expect(logger.lines).toEqual([expect.stringContaining('rolled back')]);
  });
});
