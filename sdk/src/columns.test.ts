import { describe, expect, it } from 'vitest';
import { column, isUniqueViolation } from './index.js';

describe('columns', () => {
  it('turn into values and back', () => {
    expect(column.instant.encode(new Date(1_700_000_000_123))).toBe(1_700_000_000_123);
    expect(column.instant.decode(5)).toEqual(new Date(5));
    expect([column.flag.encode(true), column.flag.encode(false)]).toEqual([1, 0]);
    expect([column.flag.decode(1), column.flag.decode(0)]).toEqual([true, false]);
    expect(column.json.decode(column.json.encode({ a: ['ü\0', null], b: undefined }))).toEqual({
      a: ['ü\0', null],
    });
  });

  it('refuse an invalid date', () => {
    expect(() => column.instant.encode(new Date('nonsense'))).toThrow(RangeError);
  });

  it.each([
    [undefined, 'undefined is not'],
    [Number.NaN, 'NaN is not'],
    [{ a: { list: [1, Number.POSITIVE_INFINITY] } }, 'Infinity at "1" is not'],
    [[undefined], 'undefined at "0" is not'],
    [{ run: () => 1 }, 'function at "run" is not'],
    [{ big: 1n }, 'bigint at "big" is not'],
    [{ tags: new Set() }, 'a Set at "tags" is not'],
    [Symbol('x'), 'symbol is not'],
  ])('refuse what JSON would lose: %o', (value, message) => {
    expect(() => column.json.encode(value)).toThrow(message);
  });

  it('are of the types that both databases have', () => {
    const { id, instant, flag, json, real, count } = column;
    expect([id, instant, flag, json, real, count].map((type) => type()[0])).toEqual([
      ...['text', 'bigint', 'smallint', 'text', 'double precision', 'bigint'],
    ]);
  });
});

describe('a unique violation', () => {
  it.each([
    [{ errcode: 1555 }, true],
    [{ errcode: 2067 }, true],
    [{ code: '23505' }, true],
    [{ errcode: 787 }, false],
    [{ code: '23503' }, false],
    [new Error('UNIQUE'), false],
    [null, false],
    ['23505', false],
  ])('%o: %s', (error, expected) => {
    expect(isUniqueViolation(error)).toBe(expected);
  });
});
