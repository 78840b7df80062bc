import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { KyselyKeyValueStore } from './key-value-store.js';
import { type Database, openDatabase } from './open-database.js';
import { recordingLogger } from './recording-logger.fixture.js';

async function openStore() {
  const clock = new FakeClock();
  const logger = recordingLogger();
  const db: Database<unknown> = openDatabase({ file: ':memory:', name: 'kv' });
  const kv = await KyselyKeyValueStore.open(db, clock, logger);
  onTestFinished(async () => {
    kv.close();
    await db.destroy();
  });
  const stored = async () =>
    (await sql<{ key: string }>`select key from atoll_kv order by key`.execute(db)).rows.map(
      (row) => row.key,
    );
  return { kv, clock, db, logger, stored };
}

describe('values', () => {
  it.each([['text'], [0], [false], [null], [[1, [2]]], [{ a: { b: 'ü\u0000' } }]])(
    '%j come back as they were',
    async (value) => {
      const { kv } = await openStore();
      await kv.set('k', value);
      expect(await kv.get('k')).toEqual(value);
    },
  );

  it('are replaced, deleted, and told apart from nothing', async () => {
    const { kv } = await openStore();
    expect(await kv.get('k')).toBeUndefined();
    await kv.set('k', 1);
    await kv.set('k', 2);
    expect(await kv.get('k')).toBe(2);
    expect(await kv.delete('k')).toBe(true);
    expect(await kv.delete('k')).toBe(false);
  });

  it.each([
    ['undefined', undefined],
    ['a function', () => 1],
    ['NaN within', { a: [Number.NaN] }],
    ['undefined in a list', [undefined]],
    ['a map', new Map()],
    ['a bigint', 1n],
  ])('that JSON would lose are refused by key: %s', async (_name, value) => {
    const { kv } = await openStore();
    await expect(kv.set('my-key', value)).rejects.toThrow(/"my-key".*not a JSON value/);
  });

  it.each(['', 'a\0b', '\ud800', 'x'.repeat(513)])('have keys that can be stored', async (key) => {
    const { kv } = await openStore();
    await expect(kv.set(key, 1)).rejects.toThrow(TypeError);
    await expect(kv.get(key)).rejects.toThrow(TypeError);
  });
});

describe('lifetime', () => {
  it('ends at the time given, for every way of asking', async () => {
    const { kv, clock } = await openStore();
    await kv.set('k', 1, { ttlMs: 1000 });
    await clock.advance(999);
    expect(await kv.get('k')).toBe(1);
    await clock.advance(1);
    expect(await kv.get('k')).toBeUndefined();
    expect(await kv.keys()).toEqual([]);
    expect(await kv.update('k', (current) => current)).toBeUndefined();
    await kv.set('k', 1, { ttlMs: 1 });
    await clock.advance(1);
    expect(await kv.delete('k')).toBe(false);
  });

  it('is that of the last write', async () => {
    const { kv, clock } = await openStore();
    await kv.set('k', 1, { ttlMs: 1000 });
    await kv.set('k', 2);
    await clock.advance(5000);
    expect(await kv.get('k')).toBe(2);
  });

  it.each([0, -1, Number.NaN])('of %d ms is refused', async (ttlMs) => {
    const { kv } = await openStore();
    await expect(kv.set('k', 1, { ttlMs })).rejects.toThrow(RangeError);
  });

  it('over, the value is deleted by a sweep that otherwise writes nothing', async () => {
    const { kv, clock, db, stored } = await openStore();
    const changes = async () =>
      (await sql<{ n: number }>`select total_changes() as n`.execute(db)).rows[0]?.n;
    await kv.set('keep', 1);
    await kv.set('go', 1, { ttlMs: 700_000 });
    const before = await changes();
    await clock.advance(600_000);
    expect(await changes()).toBe(before);
    await clock.advance(600_000);
    expect(await stored()).toEqual(['keep']);
    kv.close();
    expect(clock.pending).toBe(0);
  });

  it('over while the database is gone is logged and disturbs no one', async () => {
    const { clock, db, logger } = await openStore();
    await sql`drop table atoll_kv`.execute(db);
    await clock.advance(600_000);
    expect(logger.lines).toEqual(['warn: expired values could not be deleted']);
  });
});

describe('keys', () => {
  it('are found by prefix, letter for letter', async () => {
    const { kv } = await openStore();
    for (const key of ['a%b', 'a_b', 'aXb', 'A%b', 'ä1', 'ä2', '\\', '😀x', '😀y']) await kv.set(key, 1);
    expect(await kv.keys('a%')).toEqual(['a%b']);
    expect(await kv.keys('a_')).toEqual(['a_b']);
    expect(await kv.keys('ä')).toEqual(['ä1', 'ä2']);
    expect(await kv.keys('\\')).toEqual(['\\']);
    expect(await kv.keys('😀')).toEqual(['😀x', '😀y']);
    expect(await kv.keys("' or 1=1 --")).toEqual([]);
    expect(await kv.keys()).toHaveLength(9);
  });
});

describe('update', () => {
  it('loses no change made at the same time', async () => {
    const { kv } = await openStore();
    await Promise.all(Array.from({ length: 50 }, () => kv.update<number>('n', (n = 0) => n + 1)));
    expect(await kv.get('n')).toBe(50);
  });

  it('deletes, or changes nothing when it fails', async () => {
    const { kv } = await openStore();
    await kv.set('k', 1);
    const failing = kv.update('k', () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await expect(kv.update('k', () => Promise.resolve(1))).rejects.toThrow('must not be async');
    expect(await kv.get('k')).toBe(1);
    expect(await kv.update('k', () => undefined)).toBeUndefined();
    expect(await kv.keys()).toEqual([]);
  });

  it('sets a lifetime', async () => {
    const { kv, clock } = await openStore();
    expect(await kv.update('k', () => 1, { ttlMs: 10 })).toBe(1);
    await clock.advance(10);
    expect(await kv.get('k')).toBeUndefined();
  });
});
