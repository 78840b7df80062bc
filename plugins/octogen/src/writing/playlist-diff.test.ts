import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffPlaylist } from './playlist-diff.js';

describe('diffPlaylist', () => {
  it.each([
    ['', '', { added: 0, removed: 0, moved: 0, kept: 0 }],
    ['', 'ab', { added: 2, removed: 0, moved: 0, kept: 0 }],
    ['ab', '', { added: 0, removed: 2, moved: 0, kept: 0 }],
    ['abcd', 'abcd', { added: 0, removed: 0, moved: 0, kept: 4 }],
    ['abcd', 'dabc', { added: 0, removed: 0, moved: 1, kept: 3 }],
    ['abcd', 'axcd', { added: 1, removed: 1, moved: 0, kept: 3 }],
    ['aab', 'aba', { added: 0, removed: 0, moved: 1, kept: 2 }],
    ['aa', 'a', { added: 0, removed: 1, moved: 0, kept: 1 }],
  ])('tells "%s" from "%s"', (before, after, diff) => {
    expect(diffPlaylist([...before], [...after])).toEqual(diff);
  });

  it('accounts for every song of both lists', () => {
    const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
    fc.assert(
      fc.property(list, list, (before, after) => {
        const { added, removed, moved, kept } = diffPlaylist(before, after);
        expect(added + moved + kept).toBe(after.length);
        expect(removed + moved + kept).toBe(before.length);
        expect(moved === 0 || kept > 0).toBe(true);
      }),
    );
  });
});
