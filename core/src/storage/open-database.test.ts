import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isUniqueViolation } from '@atoll/sdk';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { type Database, type OpenDatabaseOptions, openDatabase } from './open-database.js';
import { recordingLogger } from './recording-logger.fixture.js';
import { tempFolder } from './temp-folder.fixture.js';

interface Schema {
  song: { id: string; title: string | null; plays: number; cover?: Uint8Array | null };
}

async function songs(options: Partial<OpenDatabaseOptions> = {}): Promise<Database<Schema>> {
  const db = openDatabase<Schema>({ file: ':memory:', name: 'songs', ...options });
  onTestFinished(() => db.destroy());
  if (options.readonly) return db;
  await db.schema
    .createTable('song')
    .ifNotExists()
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('title', 'text')
    .addColumn('plays', 'integer', (c) => c.notNull())
    .addColumn('cover', 'blob')
    .execute();
  return db;
}

const insert = (db: Database<Schema>, id: string, plays = 0) =>
  db
    .insertInto('song')
    .values({ id, title: `Song ${id}`, plays })
    .execute();

const countOf = async (db: Database<Schema>): Promise<number> => {
  const row = await db
    .selectFrom('song')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return row.n;
};

describe('connection', () => {
  it('keeps every commit on disk, in a write-ahead log, with foreign keys on', async () => {
    const db = await songs({ file: join(tempFolder(), 'a.db') });
    const pragma = async (name: string) =>
      Object.values(
        (await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(db)).rows[0] ?? {},
      )[0];
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    expect(await pragma('busy_timeout')).toBe(5000);
  });

  it('writes without waiting for the disk where that was asked for', async () => {
    const db = await songs({ file: join(tempFolder(), 'a.db'), synchronous: 'normal' });
    expect((await sql`pragma synchronous`.execute(db)).rows).toEqual([{ synchronous: 1 }]);
  });

  it('answers writes with counts, ids and returned rows', async () => {
    const db = await songs();
    const [inserted] = await insert(db, 'a');
    expect(inserted?.insertId).toBe(1n);
    const updated = await db.updateTable('song').set({ plays: 3 }).executeTakeFirstOrThrow();
    expect(updated.numUpdatedRows).toBe(1n);
    expect(await db.deleteFrom('song').returning(['id', 'plays']).execute()).toEqual([{ id: 'a', plays: 3 }]);
  });

  it('stores bytes, null and booleans as the database knows them', async () => {
    const db = await songs();
    const cover = new Uint8Array([0, 255]);
    await db.insertInto('song').values({ id: 'a', title: null, plays: 0, cover }).execute();
    expect(await db.selectFrom('song').selectAll().executeTakeFirst()).toEqual({
      ...{ id: 'a', title: null, plays: 0, cover },
    });
    const { rows } = await sql<{ yes: number; no: number }>`select ${true} as yes, ${false} as no`.execute(
      db,
    );
    expect(rows).toEqual([{ yes: 1, no: 0 }]);
  });

  it('reads only, when opened so', async () => {
    const file = join(tempFolder(), 'a.db');
    await insert(await songs({ file }), 'a');
    const reader = await songs({ file, readonly: true });
    expect(await countOf(reader)).toBe(1);
    expect(
      await reader.transaction().execute((trx) => trx.selectFrom('song').selectAll().execute()),
    ).toHaveLength(1);
    await expect(insert(reader, 'b')).rejects.toMatchObject({ code: 'storage_unwritable' });
  });

  it('refuses two statements in one text, of which SQLite would drop the second', async () => {
    const db = await songs();
    await expect(sql`delete from song; delete from song`.execute(db)).rejects.toThrow(
      'one statement at a time',
    );
    await expect(sql`delete from song; -- all of them`.execute(db)).resolves.toBeDefined();
  });

  it('sees a changed table through a statement it has used before', async () => {
    const db = await songs();
    await insert(db, 'a');
    await db.selectFrom('song').selectAll().execute();
    await db.schema
      .alterTable('song')
      .addColumn('year', 'integer', (c) => c.defaultTo(1999))
      .execute();
    expect(await db.selectFrom('song').selectAll().execute()).toMatchObject([{ year: 1999 }]);
  });

  it('streams, and is free again after an early end', async () => {
    const db = await songs();
    for (const id of ['a', 'b', 'c', 'd', 'e']) await insert(db, id);
    const seen: string[] = [];
    for await (const row of db.selectFrom('song').select('id').orderBy('id').stream(2)) {
      seen.push(row.id);
      if (seen.length === 3) break;
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(await countOf(db)).toBe(5);
  });

  it('closes after the queries that wait', async () => {
    const db = await songs();
    const queries = Promise.all([insert(db, 'a'), insert(db, 'b'), countOf(db)]);
    await db.destroy();
    expect((await queries)[2]).toBe(2);
    await expect(countOf(db)).rejects.toThrow('destroyed');
  });
});

describe('values that cannot be stored', () => {
  const odd: [string, unknown, string][] = [
    ['a Date', new Date(0), 'column.instant.encode'],
    ['an object', { a: 1 }, 'column.json.encode'],
    ['an array', [1], 'Array'],
    ['undefined', undefined, 'null'],
    ['NaN', Number.NaN, 'NaN'],
    ['infinity', Number.POSITIVE_INFINITY, 'Infinity'],
    ['a number that could not be read back', 2 ** 53, '2^53'],
    ['a bigint that could not be read back', -(2n ** 60n), '2^53'],
    ['a symbol', Symbol('x'), 'symbol'],
  ];

  it.each(odd)('refuses %s, as the first parameter too', async (_name, value, hint) => {
    const db = await songs();
    await expect(sql`insert into song (id, plays) values (${value}, ${1})`.execute(db)).rejects.toThrow(
      TypeError,
    );
    await expect(sql`insert into song (id, plays) values (${'a'}, ${value})`.execute(db)).rejects.toThrow(
      hint,
    );
    expect(await countOf(db)).toBe(0);
  });

  it('stores large fractions', async () => {
    const db = await songs();
    expect((await sql<{ x: number }>`select ${1.5e300} as x`.execute(db)).rows).toEqual([{ x: 1.5e300 }]);
  });
});

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

  const nested: [string, (db: Database<Schema>, inner: () => Promise<unknown>) => Promise<unknown>][] = [
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

describe('failures', () => {
  it('free the queue', async () => {
    const db = await songs();
    const results = await Promise.allSettled([
      sql`bogus`.execute(db),
      insert(db, 'a'),
      sql`bogus`.execute(db),
      countOf(db),
    ]);
    expect(results.map((result) => result.status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  it('of a unique key are told apart', async () => {
    const db = await songs();
    await insert(db, 'a');
    const error = await insert(db, 'a').catch((reason: unknown) => reason);
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(await sql`bogus`.execute(db).catch((reason: unknown) => reason))).toBe(false);
  });

  it('of a full disk say so, keep what was there, and pass', async () => {
    const db = await songs({ file: join(tempFolder(), 'a.db') });
    await insert(db, 'a');
    await sql`pragma max_page_count = 4`.execute(db);
    const filling = db.transaction().execute(async (trx) => {
      for (let n = 0; n < 100; n++)
        await trx
          .insertInto('song')
          .values({ id: `${n}`, title: 'x'.repeat(4000), plays: 0 })
          .execute();
    });
    await expect(filling).rejects.toMatchObject({ code: 'disk_full', status: 507 });
    expect(await countOf(db)).toBe(1);
    await sql`pragma max_page_count = 1000`.execute(db);
    await insert(db, 'b');
  });

  it('of a file that is no database name it and the cure', async () => {
    const file = join(tempFolder(), 'a.db');
    writeFileSync(
      file,
      'this is certainly not a database, and long enough to be read as a header'.repeat(20),
    );
    await expect(songs({ file })).rejects.toMatchObject({
      code: 'storage_corrupt',
      message: expect.stringContaining(file),
      hint: expect.stringContaining('backup'),
    });
  });

  it('of a place that cannot be opened name it', async () => {
    const dir = tempFolder();
    mkdirSync(join(dir, 'folder.db'));
    for (const file of [join(dir, 'missing', 'a.db'), join(dir, 'folder.db')]) {
      await expect(songs({ file })).rejects.toMatchObject({
        code: expect.stringMatching(/storage_unwritable|unavailable/),
        message: expect.stringContaining(file),
      });
    }
  });

  it('to open are tried again at the next query', async () => {
    const file = join(tempFolder(), 'later', 'a.db');
    const db = openDatabase<Schema>({ file });
    onTestFinished(() => db.destroy());
    await expect(sql`select 1`.execute(db)).rejects.toMatchObject({ code: 'storage_unwritable' });
    mkdirSync(join(file, '..'));
    await sql`select 1`.execute(db);
  });

  it('of a lock that another process keeps are told as such', async () => {
    const file = join(tempFolder(), 'a.db');
    const db = await songs({ file });
    const other = new DatabaseSync(file);
    onTestFinished(() => other.close());
    other.exec('begin immediate');
    await sql`pragma busy_timeout = 20`.execute(db);
    await expect(insert(db, 'a')).rejects.toMatchObject({ code: 'storage_busy', status: 503 });
    other.exec('rollback');
    await insert(db, 'a');
  });
});
