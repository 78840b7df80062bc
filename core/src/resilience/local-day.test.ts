import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysBetween, endOfLocalDay, localDay } from './local-day.js';

const at = (text: string): number => Date.parse(text);

test.each([
  ['2026-01-05T22:59:59Z', 'Europe/Berlin', '2026-01-05'],
  ['2026-01-05T23:00:00Z', 'Europe/Berlin', '2026-01-06'],
  ['2026-01-05T10:00:00Z', 'Pacific/Kiritimati', '2026-01-06'],
  ['2026-01-05T10:00:00Z', 'Pacific/Niue', '2026-01-04'],
])('%s is a %s day %s', (time, zone, day) => {
  expect(localDay(at(time), zone)).toBe(day);
});

test.each([
  ['2026-01-05', 'Europe/Berlin', '2026-01-05T23:00:00.000Z'],
  ['a day of 23 hours', '2026-03-29', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['a day of 25 hours', '2026-10-25', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
  ['a next day that begins at 1:00', '2026-04-23', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
])('ends when the next begins: %s', (...row) => {
  const [day, zone, end] = row.slice(-3) as [string, string, string];
  expect(new Date(endOfLocalDay(day, zone)).toISOString()).toBe(end);
});

test('counts whole days across a change of the clock', () => {
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1);
});

describe('in any zone at any time', () => {
  const zones = ['UTC', 'America/New_York', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
  test('the end of a day lies ahead of it and belongs to the next one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2000-01-01'), max: at('2040-01-01') }),
        fc.constantFrom(...zones),
        (time, zone) => {
          const day = localDay(time, zone);
          const end = endOfLocalDay(day, zone);
          expect(end).toBeGreaterThan(time);
          expect(end - time).toBeLessThanOrEqual(25 * 3_600_000);
          expect(daysBetween(day, localDay(end, zone))).toBe(1);
          expect(localDay(end - 1, zone)).toBe(day);
        },
      ),
      { numRuns: 200 },
    );
  });
});
