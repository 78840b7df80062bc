import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderByScore } from './order-by-score.js';

describe('orderByScore', () => {
  it('orders as a comparison would, the first of equals first', () => {
    const score = fc.integer({ min: 0, max: 1000 }).map((value) => value / 1000);
    fc.assert(
      fc.property(fc.array(score, { maxLength: 200 }), (drawn) => {
        const scores = Float64Array.from(drawn);
        const indices = drawn.map((_, index) => index).filter((index) => index % 3 !== 1);
        const expected = [...indices].sort((a, b) => scores[b]! - scores[a]! || a - b);
        expect([...orderByScore(indices, scores)]).toEqual(expected);
      }),
    );
  });

  it('keeps apart the scores of a library of two million songs', () => {
    const scores = new Float64Array(2_000_000);
    scores[1_999_999] = 1;
    scores[1_999_998] = 1 - 2 ** -30;
    expect([...orderByScore([0, 1_999_998, 1_999_999], scores)]).toEqual([1_999_999, 1_999_998, 0]);
  });
});
