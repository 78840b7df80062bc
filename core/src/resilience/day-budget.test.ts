import { isAtollError } from '@atoll/sdk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { Storage } from '../storage/storage.js';
import { tempFolder } from '../storage/temp-folder.fixture.js';
import { DayBudget } from './day-budget.js';
import { failureOf, MemoryKeyValueStore, memoryLogger } from './resilience.fixture.js';

const hour = 3_600_000;

/** What `use` makes of a budget of 3 in a data folder's own database. */
async function onDisk<T>(dataDir: string, use: (budget: DayBudget) => Promise<T>): Promise<T> {
  const clock = new FakeClock();
  await using storage = await Storage.open({ dataDir, clock, logger: memoryLogger().logger });
  const { kv } = await storage.plugin('demo', {});
  return use(new DayBudget({ plugin: 'demo', name: 'model', limit: 3, timezone: 'UTC', clock, kv }));
}

function budget(limit: number, start = '2026-01-05T12:00:00Z', kv = new MemoryKeyValueStore()) {
  const clock = new FakeClock(new Date(start));
  const make = () =>
    new DayBudget({ plugin: 'demo', name: 'model', limit, timezone: 'Europe/Berlin', clock, kv });
  return { clock, kv, make, budget: make() };
}

describe('a budget of a day', () => {
  test('grants its limit and then names when it renews', async () => {
    const { budget: own } = budget(2);
    await own.take();
    await own.take();
    const error = await failureOf(own.take());
    expect(isAtollError(error, 'budget_exhausted')).toBe(true);
    expect(error.message).toBe(
      'demo: the budget "model" has used 2 of 2 today; it renews at 2026-01-05T23:00:00.000Z (in 11 h 0 min)',
    );
    expect(await own.remaining()).toBe(0);
  });

  test('renews with the local day, also one of 23 hours', async () => {
    const { budget: own, clock } = budget(1, '2026-03-28T23:30:00Z'); // 00:30 of the day that loses an hour
    await own.take();
    await clock.advance(22 * hour);
    await expect(own.take()).rejects.toThrow('has used 1 of 1');
    await clock.advance(hour / 2);
    await own.take();
  });

  test('is still used up after a restart', async () => {
    const { budget: own, make } = budget(1);
    await own.take();
    await expect(make().take()).rejects.toThrow('has used 1 of 1');
  });

  test('has what it took on disk before it grants it', async () => {
    const { budget: own, kv } = budget(1);
    kv.failing = true;
    await expect(own.take()).rejects.toThrow('disk full');
    kv.failing = false;
    expect(await own.remaining()).toBe(1);
  });

  test('gives back once, however often it is asked', async () => {
    const { budget: own } = budget(5);
    await own.take(3);
    const taken = await own.take(2);
    await Promise.all([taken.refund(), taken.refund()]);
    await taken.refund();
    expect(await own.remaining()).toBe(2);
  });

  test('can be asked again to give back when that could not be written', async () => {
    const { budget: own, kv } = budget(5);
    const taken = await own.take(2);
    kv.failing = true;
    await expect(taken.refund()).rejects.toThrow('disk full');
    kv.failing = false;
    await taken.refund();
    expect(await own.remaining()).toBe(5);
  });

  test('gives back to the day it took from', async () => {
    const { budget: own, clock } = budget(2);
    const taken = await own.take();
    await clock.advance(24 * hour);
    await own.take();
    await taken.refund();
    expect(await own.remaining()).toBe(1);
  });

  test('refuses all of an amount that does not fit', async () => {
    const { budget: own } = budget(3);
    await own.take(2);
    await expect(own.take(2)).rejects.toThrow('2 more were asked for');
    expect(await own.remaining()).toBe(1);
  });

  test.each([0, -1, 1.5, Number.NaN])('refuses to take %s', async (amount) => {
    await expect(budget(3).budget.take(amount)).rejects.toMatchObject({ code: 'bad_request' });
  });

  test('shows nothing left, not less, after its limit was lowered', async () => {
    const { budget: own, kv } = budget(5);
    await own.take(5);
    expect(await budget(2, undefined, kv).budget.remaining()).toBe(0);
  });

  test('does not lock up until a date that a wrong clock once had', async () => {
    const { budget: own, clock } = budget(1);
    await own.take();
    clock.set(Date.parse('2031-01-01T12:00:00Z'));
    await own.take();
    clock.set(Date.parse('2026-01-06T12:00:00Z'));
    await own.take();
    await expect(own.take()).rejects.toThrow('has used 1 of 1');
    clock.set(Date.parse('2026-01-05T12:00:00Z'));
    await expect(own.take()).rejects.toThrow('has used 1 of 1');
  });

  test('grants nothing more when the clock is set back over midnight', async () => {
    const { budget: own, clock } = budget(3);
    await own.take(3);
    clock.set(Date.parse('2026-01-04T12:00:00Z'));
    await expect(own.take()).rejects.toThrow('has used 3 of 3');
  });

  test('never grants a day more than its limit, however the clock jumps', async () => {
    const moves = fc.array(
      fc.record({ hours: fc.integer({ min: -72, max: 72 }), amount: fc.integer({ min: 1, max: 3 }) }),
      {
        maxLength: 40,
      },
    );
    await fc.assert(
      fc.asyncProperty(moves, async (steps) => {
        const { clock, kv, make } = budget(4);
        for (const { hours, amount } of steps) {
          clock.set(clock.now() + hours * hour);
          await make()
            .take(amount)
            .catch(() => {});
          const ledger = (await kv.get<Record<string, number>>('resilience.budget.model')) ?? {};
          for (const used of Object.values(ledger)) expect(used).toBeLessThanOrEqual(4);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('holds in the database, for many who take at once and after a restart', async () => {
    const folder = tempFolder();
    const results = await onDisk(folder, (own) =>
      Promise.allSettled(Array.from({ length: 10 }, () => own.take())),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    const error = await onDisk(folder, (own) => failureOf(own.take()));
    expect(isAtollError(error, 'budget_exhausted')).toBe(true);
  });
});
