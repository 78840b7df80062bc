import { AtollError } from '@atoll/sdk';
import { describe, expect, test } from 'vitest';
import { Bulkhead } from './bulkhead.js';

const never = new AbortController().signal;
const refusal = () => new AtollError('bulkhead_full', 'full');

function bulkhead(concurrency: number, queue: number) {
  const own = new Bulkhead({ concurrency, queue });
  const gates: PromiseWithResolvers<void>[] = [];
  const order: number[] = [];
  const start = (id: number, signal = never) =>
    own.run(
      () => {
        order.push(id);
        const gate = Promise.withResolvers<void>();
        gates.push(gate);
        return gate.promise;
      },
      signal,
      refusal,
    );
  return { own, start, order, gates };
}

describe('a bulkhead', () => {
  test('runs so many at once, lets so many wait, refuses the next', async () => {
    const { own, start } = bulkhead(2, 1);
    void start(1);
    void start(2);
    void start(3);
    expect(own).toMatchObject({ running: 2, queued: 1 });
    await expect(start(4)).rejects.toMatchObject({ code: 'bulkhead_full' });
  });

  test('serves who waits in order of arrival', async () => {
    const { own, start, order, gates } = bulkhead(1, 10);
    const all = [1, 2, 3].map((id) => start(id));
    for (let i = 0; i < 3; i++) {
      gates[i]?.resolve();
      await all[i];
      await new Promise(setImmediate);
    }
    expect(order).toEqual([1, 2, 3]);
    expect(own).toMatchObject({ running: 0, queued: 0 });
  });

  test('frees the place of a caller that aborts while it waits, and never runs its call', async () => {
    const { own, start, order, gates } = bulkhead(1, 1);
    const first = start(1);
    const caller = new AbortController();
    const leaving = start(2, caller.signal);
    caller.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    expect(own.queued).toBe(0);
    const third = start(3);
    gates[0]?.resolve();
    await first;
    await new Promise(setImmediate);
    gates[1]?.resolve();
    await third;
    expect(order).toEqual([1, 3]);
  });

  test('frees the slot of a call that fails', async () => {
    const own = new Bulkhead({ concurrency: 1 });
    await expect(own.run(() => Promise.reject(new Error('no')), never, refusal)).rejects.toThrow('no');
    expect(own.running).toBe(0);
  });
});
