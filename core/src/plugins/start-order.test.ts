import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependantsOf, startOrder } from './start-order.js';

const plugin = (id: string, ...uses: string[]) => ({ id, uses });

describe('startOrder', () => {
  it('puts providers before those that use them and keeps the given order otherwise', () => {
    expect(startOrder([plugin('c', 'a'), plugin('b'), plugin('a')]).order).toEqual(['a', 'c', 'b']);
  });

  it('names a missing provider', () => {
    expect(startOrder([plugin('a', 'ghost')]).unstartable.get('a')).toContain(
      '"ghost", which is not installed',
    );
  });

  it('names every member of a circle, and not those that only use it', () => {
    const { unstartable } = startOrder([plugin('a', 'b'), plugin('b', 'a'), plugin('c', 'a')]);
    expect([...unstartable.keys()].sort()).toEqual(['a', 'b']);
    expect(unstartable.get('a')).toContain('a → b → a');
  });

  it('holds for any graph without circles', () => {
    const graph = fc.array(fc.array(fc.nat(20), { maxLength: 5 }), { maxLength: 20 });
    fc.assert(
      fc.property(graph, (edges) => {
        const plugins = edges.map((uses, index) =>
          plugin(`p${index}`, ...uses.filter((used) => used < index).map((used) => `p${used}`)),
        );
        const { order, unstartable } = startOrder([...plugins].reverse());
        expect(unstartable.size).toBe(0);
        for (const { id, uses } of plugins) {
          for (const used of uses) expect(order.indexOf(used)).toBeLessThan(order.indexOf(id));
        }
      }),
    );
  });
});

describe('dependantsOf', () => {
  it('lists direct and indirect users, furthest first', () => {
    const plugins = [plugin('a'), plugin('b', 'a'), plugin('c', 'b'), plugin('d')];
    expect(dependantsOf('a', plugins)).toEqual(['c', 'b']);
    expect(dependantsOf('d', plugins)).toEqual([]);
  });
});
