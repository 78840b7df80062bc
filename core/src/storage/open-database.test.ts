import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isUniqueViolation } from '@atoll/sdk';
import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from './open-database.js';
import { countOf, insert, type SongSchema, songs } from './songs.fixture.js';
import { tempFolder } from './temp-folder.fixture.js';

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
    const db = openDatabase<SongSchema>({ file });
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
