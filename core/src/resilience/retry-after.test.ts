import { expect, test } from 'vitest';
import { parseRetryAfter } from './retry-after.js';

const now = Date.UTC(2026, 0, 5, 12);

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['1.5', 1500],
  ['Mon, 05 Jan 2026 12:00:30 GMT', 30_000],
  ['Monday, 05-Jan-26 12:00:30 GMT', 30_000],
  ['Mon Jan  5 12:00:30 2026 GMT', 30_000],
  ['Mon, 05 Jan 2026 11:00:00 GMT', 0],
  ['-5', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j means %j ms', (value, expected) => {
  expect(parseRetryAfter(value, now)).toBe(expected);
});

test('an absurd number of seconds stays a number', () => {
  expect(parseRetryAfter('9'.repeat(400), now)).toBe(Number.MAX_SAFE_INTEGER);
});
