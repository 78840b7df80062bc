import { describe, expect, it } from 'vitest';
import { localDay, periodAt } from './day-period.js';

const windows = {
  morning: { start: 4, end: 10 },
  afternoon: { start: 10, end: 16 },
  evening: { start: 16, end: 22 },
  night: { start: 22, end: 4 },
};

describe('periodAt', () => {
  it.each([
    [0, 'night'],
    [3, 'night'],
    [4, 'morning'],
    [9, 'morning'],
    [10, 'afternoon'],
    [15, 'afternoon'],
    [16, 'evening'],
    [21, 'evening'],
    [22, 'night'],
    [23, 'night'],
  ])('calls hour %i %s', (hour, period) => {
    expect(periodAt(hour, windows)).toBe(period);
  });

  it('finds no period in a gap, and the first where two overlap', () => {
    const odd = { ...windows, night: { start: 23, end: 2 }, afternoon: { start: 8, end: 16 } };
    expect(periodAt(3, odd)).toBeNull();
    expect(periodAt(9, odd)).toBe('morning');
  });

  it('takes 24 as the end of the day', () => {
    expect(periodAt(23, { ...windows, evening: { start: 16, end: 24 } })).toBe('evening');
  });
});

describe('localDay', () => {
  it.each([
    ['2026-01-05T23:30:00Z', 'UTC', '2026-01-05', 23],
    ['2026-01-05T23:30:00Z', 'Europe/Berlin', '2026-01-06', 0],
    ['2026-01-05T03:00:00Z', 'America/New_York', '2026-01-04', 22],
    ['2026-07-05T23:30:00Z', 'Asia/Kolkata', '2026-07-06', 5],
  ])('reads %s in %s', (at, zone, day, hour) => {
    expect(localDay(Date.parse(at), zone)).toEqual({ day, hour });
  });
});
