import { describe, expect, it } from 'vitest';
import { EffectStack, within } from './effect-stack.js';

describe('EffectStack', () => {
  it('undoes the last registered first', async () => {
    const undone: string[] = [];
    const stack = new EffectStack();
    for (const name of ['a', 'b', 'c']) stack.add(name, () => void undone.push(name));
    expect(stack.labels()).toEqual(['a', 'b', 'c']);
    expect(await stack.unwind(1000)).toEqual([]);
    expect(undone).toEqual(['c', 'b', 'a']);
    expect(stack.labels()).toEqual([]);
  });

  it('undoes each effect once, whoever asks', async () => {
    let undone = 0;
    const stack = new EffectStack();
    const dispose = stack.add('a', () => void undone++);
    await dispose();
    await dispose();
    await stack.unwind(1000);
    expect(undone).toBe(1);
  });

  it('goes on after one that throws and one that never ends, and names both', async () => {
    const undone: string[] = [];
    const stack = new EffectStack();
    stack.add('first', () => void undone.push('first'));
    stack.add('throws', () => {
      throw new Error('broken');
    });
    stack.add('hangs', () => new Promise(() => {}));
    const leftovers = await stack.unwind(20);
    expect(leftovers.map(({ label }) => label)).toEqual(['hangs', 'throws']);
    expect(String(leftovers[0]?.error)).toContain('within 20 ms');
    expect(undone).toEqual(['first']);
  });
});

describe('within', () => {
  it('passes on the result or the error of a task that ends in time', async () => {
    expect(await within(1000, 'x', async () => 1)).toBe(1);
    await expect(within(1000, 'x', () => Promise.reject(new Error('own')))).rejects.toThrow('own');
  });

  it('gives up when its signal aborts, with the reason, also when that was before', async () => {
    const stop = new AbortController();
    const never = () => new Promise<never>(() => {});
    const waiting = within(60_000, 'it did not end', never, stop.signal);
    stop.abort(new Error('the host stops'));
    await expect(waiting).rejects.toThrow('the host stops');
    await expect(within(60_000, 'it did not end', never, stop.signal)).rejects.toThrow('the host stops');
  });
});
