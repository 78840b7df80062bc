import { describe, expect, test } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { failureOf } from './resilience.fixture.js';
import { maxCachedBytes, ResponseCache } from './response-cache.js';

function cache(options = { ttlMs: 1000, maxEntries: 3 }, weigh: (value: unknown) => number = () => 1) {
  const clock = new FakeClock();
  const lookups: string[] = [];
  const own = new ResponseCache(options, {
    clock,
    weigh,
    cancelled: () => new Error('cancelled'),
    onLookup: (result) => void lookups.push(result),
  });
  let loads = 0;
  const get = (key: string, signal?: AbortSignal) => own.get(key, signal, async () => `${key}${++loads}`);
  return { clock, own, get, lookups };
}

/** A load that ends when told to, and tells when it was aborted. */
function heldLoad() {
  const gate = Promise.withResolvers<string>();
  let loads = 0;
  let aborted = false;
  const load = (signal: AbortSignal): Promise<string> => {
    loads += 1;
    signal.addEventListener('abort', () => {
      aborted = true;
      gate.reject(new Error('aborted'));
    });
    return gate.promise;
  };
  return { gate, load, loads: () => loads, aborted: () => aborted };
}

describe('a response cache', () => {
  test('answers from memory until the time to live is over', async () => {
    const { clock, own, get } = cache();
    expect(await get('a')).toBe('a1');
    await clock.advance(999);
    expect(await get('a')).toBe('a1');
    await clock.advance(2);
    expect(await get('a')).toBe('a2');
    expect(own.statistics).toEqual({ entries: 1, hits: 1, misses: 2, coalesced: 0, evictions: 0 });
  });

  test('does not prolong a life by reading', async () => {
    const { clock, get } = cache();
    await get('a');
    await clock.advance(600);
    await get('a');
    await clock.advance(600);
    expect(await get('a')).toBe('a2');
  });

  test('drops the answer that was not asked for longest', async () => {
    const { own, get } = cache();
    for (const key of ['a', 'b', 'c', 'a', 'd']) await get(key);
    expect(await get('a')).toBe('a1');
    expect(await get('b')).toBe('b5');
    expect(own.statistics).toMatchObject({ entries: 3, evictions: 2 });
  });

  test('keeps undefined and null as answers', async () => {
    const { own } = cache();
    for (const value of [undefined, null]) {
      await own.get(String(value), undefined, async () => value);
      expect(await own.get(String(value), undefined, async () => 'again')).toBe(value);
    }
  });

  test('does not keep errors', async () => {
    const { own, get } = cache();
    await failureOf(own.get('a', undefined, () => Promise.reject(new Error('no'))));
    expect(await get('a')).toBe('a1');
  });

  test('counts only what is still alive', async () => {
    const { own, get, clock } = cache();
    await get('a');
    await clock.advance(1001);
    expect(own.statistics.entries).toBe(0);
  });

  test('drops answers when they weigh too much together', async () => {
    const { own, get } = cache({ ttlMs: 1000, maxEntries: 100 }, () => maxCachedBytes / 2);
    for (const key of ['a', 'b', 'c']) await get(key);
    expect(own.statistics).toMatchObject({ entries: 2, evictions: 1 });
  });

  test('makes one call for equal keys at once', async () => {
    const { own, lookups } = cache();
    const { gate, load, loads } = heldLoad();
    const all = Promise.all([1, 2, 3].map(() => own.get('a', undefined, load)));
    gate.resolve('once');
    expect(await all).toEqual(['once', 'once', 'once']);
    expect(loads()).toBe(1);
    expect(lookups).toEqual(['miss', 'coalesced', 'coalesced']);
  });

  test('lets an aborted caller go and serves the others', async () => {
    const { own } = cache();
    const { gate, load, aborted } = heldLoad();
    const first = new AbortController();
    const leaving = own.get('a', first.signal, load);
    const staying = own.get('a', new AbortController().signal, load);
    first.abort();
    await expect(leaving).rejects.toThrow('cancelled');
    expect(aborted()).toBe(false);
    gate.resolve('served');
    expect(await staying).toBe('served');
  });

  test('aborts the call when the last caller has left, and starts a new one for the next', async () => {
    const { own, get } = cache();
    const { load, aborted } = heldLoad();
    const callers = [new AbortController(), new AbortController()];
    const waiting = callers.map((caller) => own.get('a', caller.signal, load));
    callers[0]?.abort();
    expect(aborted()).toBe(false);
    callers[1]?.abort();
    expect(aborted()).toBe(true);
    expect(await get('a')).toBe('a1');
    for (const call of waiting) await expect(call).rejects.toThrow('cancelled');
  });

  test('refuses a caller that has aborted before, also where it knows the answer', async () => {
    const { get } = cache();
    await get('a');
    await expect(get('a', AbortSignal.abort())).rejects.toThrow('cancelled');
  });

  test('forgets one key or all', async () => {
    const { own, get } = cache();
    await get('a');
    await get('b');
    own.invalidate('a');
    expect(await get('a')).toBe('a3');
    expect(await get('b')).toBe('b2');
    own.invalidate();
    expect(own.statistics.entries).toBe(0);
  });

  test('does not keep an answer that was asked for before its key was invalidated', async () => {
    const { own, get } = cache();
    const { gate, load } = heldLoad();
    const old = own.get('a', undefined, load);
    own.invalidate('a');
    expect(await get('a')).toBe('a1');
    gate.resolve('old');
    expect(await old).toBe('old');
    expect(await get('a')).toBe('a1');
  });
});
