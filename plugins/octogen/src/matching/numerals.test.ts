import { expect, it } from 'vitest';
import { sameNumerals } from './numerals.js';

it.each([
  ['part 1', 'part 2', false],
  ['part ii', 'part 2', true],
  ['part i', 'part ii', false],
  ['symphony no 5', 'symphony no 05', true],
  ['led zeppelin ii', 'led zeppelin iii', false],
  ['led zeppelin', 'led zeppelin iv', false],
  ['i will', 'i wil', true],
  ['x', 'v', true],
  ['99 luftballons', '99 luftballoons', true],
  ['99 luftballons', '99', true],
  ['summer of 69', 'summer of 68', false],
  ['', '', true],
])('%s and %s: %s', (a, b, same) => expect(sameNumerals(a, b)).toBe(same));
