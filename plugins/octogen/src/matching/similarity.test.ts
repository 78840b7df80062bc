import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratio, similarity } from './similarity.js';

describe('similarity', () => {
  it.each([
    ['creep', 'creep', 1],
    ['creep', 'sleep', 0.6],
    ['angie', 'angel', 0.8],
    ['ac dc', 'acdc', 1],
    ['radiohead', 'radiohaed', 16 / 18],
    ['', 'x', 0],
    ['東京', '東亰', 0.5],
  ])('%s and %s: %d', (a, b, expected) => expect(similarity(a, b)).toBeCloseTo(expected, 10));

  it('is symmetric, between 0 and 1, and 1 only for equal texts', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '東'), maxLength: 40 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const alike = similarity(a, b);
        expect(similarity(b, a)).toBe(alike);
        expect(alike).toBeGreaterThanOrEqual(0);
        expect(alike).toBeLessThanOrEqual(1);
        if (alike === 1) expect(a).toBe(b);
      }),
    );
  });

  it('gives up below the floor, and never above it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        const full = ratio(a, b, 0);
        expect(ratio(a, b, 0.85)).toBe(full >= 0.85 ? full : 0);
      }),
    );
  });
});
