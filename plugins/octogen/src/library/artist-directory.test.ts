import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ratio } from '../matching/similarity.js';
import { ArtistDirectory } from './artist-directory.js';

it('finds all names that are similar enough, and only these', () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'b', 'c', 'd', 'é', '東', ' '),
    minLength: 1,
    maxLength: 24,
  });
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 40 }), name, (names, wanted) => {
      const packed = (text: string) => text.replaceAll(' ', '');
      const expected = names.filter(
        (one) => one !== wanted && packed(wanted) !== '' && ratio(packed(one), packed(wanted), 0) >= 0.85,
      );
      expect(new ArtistDirectory(names).similar(wanted, 0.85).sort()).toEqual(expected.sort());
    }),
  );
});

it('is empty without names', () => {
  expect(new ArtistDirectory([]).similar('anyone', 0.85)).toEqual([]);
});
