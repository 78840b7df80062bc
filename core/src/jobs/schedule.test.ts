import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latestFiring, readSchedule } from './schedule.js';

const at = (iso: string): number => Date.parse(iso);
const cron = (expression: string, timezone = 'UTC') =>
  readSchedule({ cron: expression, timezone }, { path: 'schedule', plugin: 'p', timezone: 'UTC' });
const every = (everyMs: number) =>
  readSchedule({ everyMs }, { path: 'schedule', plugin: 'p', timezone: 'UTC' });

function firings(expression: string, timezone: string, from: string, count: number): string[] {
  const schedule = cron(expression, timezone);
  const found: string[] = [];
  for (let after = at(from); found.length < count; ) {
    const next = schedule.next(after, 0);
    if (next === null) break;
    found.push(new Date(next).toISOString().slice(5, 16));
    after = next;
  }
  return found;
}

describe('cron on the day the clocks change', () => {
  it.each([
    [
      'fires right after the gap',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['03-29T01:00', '03-30T00:30'],
    ],
    [
      'fires once in the overlap',
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00Z',
      ['10-25T00:30', '10-26T01:30'],
    ],
    [
      'fires once for a skipped and a real firing at one time',
      '0 2-3 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00Z',
      ['03-29T01:00', '03-30T00:00'],
    ],
    [
      'follows the clock through the gap',
      '*/30 * * * *',
      'Europe/Berlin',
      '2026-03-29T00:30Z',
      ['03-29T01:00', '03-29T01:30'],
    ],
    [
      'follows the clock through both passes',
      '*/30 * * * *',
      'Europe/Berlin',
      '2026-10-25T00:30Z',
      ['10-25T01:00', '10-25T01:30', '10-25T02:00'],
    ],
    [
      'knows gaps of half an hour',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T12:00Z',
      ['10-03T15:30', '10-04T15:15'],
    ],
    [
      'knows gaps at midnight',
      '0 0 * * *',
      'America/Santiago',
      '2026-09-05T12:00Z',
      ['09-06T04:00', '09-07T03:00'],
    ],
  ])('%s', (_, expression, timezone, from, expected) => {
    expect(firings(expression, timezone, from, expected.length)).toEqual(expected);
  });
});

describe('cron against every minute of the days around a change', () => {
  const changes: [string, string, number][] = [
    ['Europe/Berlin', '2026-03-28T00:00Z', 3],
    ['Europe/Berlin', '2026-10-24T00:00Z', 3],
    ['America/New_York', '2026-03-07T00:00Z', 3],
    ['America/New_York', '2026-11-01T00:00Z', 2],
    ['Australia/Lord_Howe', '2026-04-04T00:00Z', 2],
    ['Asia/Kolkata', '2026-06-01T00:00Z', 1],
    ['UTC', '2026-12-31T00:00Z', 2],
  ];
  const expressions = [
    '* * * * *',
    '*/7 * * * *',
    '5 * * * *',
    '*/20 1-3 * * *',
    '30 2 * * *',
    '0 1,2,3 * * *',
    '15 */4 * * 6,0',
  ];

  for (const [timezone, from, days] of changes)
    it.each(expressions)(`${timezone} from ${from}: %s`, (expression) => {
      const start = at(from);
      const end = start + days * 86_400_000;
      const schedule = cron(expression, timezone);
      const found: number[] = [];
      for (let next = schedule.next(start - 1, 0); next !== null && next < end; next = schedule.next(next, 0))
        found.push(next);
      expect(found).toEqual(bruteForce(expression, timezone, start, end));
    });

  it('comes strictly after the time asked for, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2020-01-01T00:00Z'), max: at('2040-01-01T00:00Z') }),
        fc.constantFrom(...expressions),
        fc.constantFrom(...changes.map(([timezone]) => timezone)),
        (after, expression, timezone) => {
          const next = cron(expression, timezone).next(after, 0) ?? 0;
          expect(next).toBeGreaterThan(after);
          expect(next % 60_000).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('an interval', () => {
  it('keeps to the multiples of its length after the anchor', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 1e9 }),
        fc.integer({ min: 0, max: 2e12 }),
        fc.integer({ min: 0, max: 2e12 }),
        (length, after, anchor) => {
          const next = every(length).next(after, anchor) ?? 0;
          expect(next).toBeGreaterThan(after);
          expect(next - after).toBeLessThanOrEqual(length);
          expect(Math.abs(next - anchor) % length).toBe(0);
        },
      ),
    );
  });
});

describe('latestFiring', () => {
  it('finds the last of a dense and of a sparse schedule', () => {
    const until = at('2026-07-01T10:30:30Z');
    expect(latestFiring(cron('* * * * *'), at('2016-01-01T00:00Z'), until, 0)).toBe(at('2026-07-01T10:30Z'));
    expect(latestFiring(cron('0 0 1 1 *'), at('2016-01-01T00:00Z'), until, 0)).toBe(at('2026-01-01T00:00Z'));
    expect(latestFiring(cron('0 0 1 1 *'), at('2026-01-01T00:00Z'), until, 0)).toBeNull();
    expect(latestFiring(every(1000), 0, 2500, 0)).toBe(2000);
  });

  it('agrees with walking through all of them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('*/7 * * * *', '0 3 * * *', '30 2 * * 1-5'),
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        (expression, startMinute, minutes) => {
          const schedule = cron(expression, 'Europe/Berlin');
          const after = at('2026-03-25T00:00Z') + startMinute * 60_000;
          const until = after + minutes * 60_000;
          let walked: number | null = null;
          for (
            let next = schedule.next(after, 0);
            next !== null && next <= until;
            next = schedule.next(next, 0)
          )
            walked = next;
          expect(latestFiring(schedule, after, until, 0)).toBe(walked);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('readSchedule', () => {
  it.each([
    [{ cron: '61 * * * *' }, 'minute'],
    [{ cron: '* * * * * *' }, '5 parts'],
    [{ cron: '' }, 'not a cron expression'],
    [{ cron: '0 0 30 2 *' }, 'never comes'],
    [{ cron: '0 3 * * *', timezone: 'Mars/Olympus' }, 'not a known time zone'],
    [{ everyMs: 10 }, 'at least 1000'],
    [{ everyMs: Number.NaN }, 'at least 1000'],
  ])('refuses %j and says why', (schedule, reason) => {
    const read = () => readSchedule(schedule, { path: 'schedules.scan', plugin: 'arr', timezone: 'UTC' });
    expect(read).toThrow(reason);
    expect(read).toThrow(
      expect.objectContaining({ code: 'config_invalid', path: 'schedules.scan', plugin: 'arr' }),
    );
  });

  it.each([
    ['0 3 * * *', 'every day at 03:00'],
    ['  0  3,15 * * * ', 'every day at 03:00 and 15:00'],
    ['*/10 * * * *', 'every 10 minutes'],
    ['* * * * *', 'every minute'],
    ['0 * * * *', 'every hour'],
    ['5 * * * *', 'every hour at minute 5'],
    ['0 */6 * * *', 'every 6 hours at minute 0'],
    ['30 4 * * 1-5', 'on weekdays at 04:30'],
    ['0 5 * * 0', 'on Sunday at 05:00'],
    ['0 5 * * sat,7', 'on Saturday and Sunday at 05:00'],
    ['0 5 1 * *', 'on day 1 of every month at 05:00'],
    ['@daily', 'every day at 00:00'],
    ['0 5 L 6 *', 'by cron "0 5 L 6 *"'],
    ['1-5 5 * * *', 'by cron "1-5 5 * * *"'],
  ])('says %s in words', (expression, words) => {
    expect(cron(expression).words).toBe(words);
  });

  it.each([
    [86_400_000, 'every day'],
    [21_600_000, 'every 6 hours'],
    [90_000, 'every 90 seconds'],
    [1500, 'every 1500 ms'],
  ])('says %i ms in words', (ms, words) => expect(every(ms).words).toBe(words));
});

/** The documented rule, told minute by minute: fixed times once a day, the others whenever the clock shows them. */
function bruteForce(expression: string, timezone: string, start: number, end: number): number[] {
  const [minutes, hours, , , weekdays] = expression.split(' ') as [string, string, string, string, string];
  const fixed = !/[*/]/.test(minutes) && !/[*/]/.test(hours);
  const wanted = (time: LocalTime): boolean =>
    matches(minutes, time.minute, 59) && matches(hours, time.hour, 23) && matches(weekdays, time.weekday, 6);
  const found = new Set<number>();
  const done = new Set<string>();
  // Two hours early, so that a repeated hour at the start is known to be one.
  for (let minute = start - 7_200_000; minute < end; minute += 60_000) {
    const local = localTime(minute, timezone);
    if (fixed && skippedBefore(minute, timezone).some(wanted) && minute >= start) found.add(minute);
    if (!wanted(local) || (fixed && done.has(local.text))) continue;
    done.add(local.text);
    if (minute >= start) found.add(minute);
  }
  return [...found].sort((a, b) => a - b);
}

interface LocalTime {
  text: string;
  minute: number;
  hour: number;
  weekday: number;
}

/** The local minutes that the clock jumped over just before `minute`. */
function skippedBefore(minute: number, timezone: string): LocalTime[] {
  const here = Date.parse(`${localTime(minute, timezone).text}Z`);
  const before = Date.parse(`${localTime(minute - 60_000, timezone).text}Z`);
  const skipped: LocalTime[] = [];
  for (let local = before + 60_000; local < here; local += 60_000) skipped.push(localTime(local, 'UTC'));
  return skipped;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(ms: number, timezone: string): LocalTime {
  const format =
    formats.get(timezone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(timezone, format);
  const text = format.format(ms).replace(' ', 'T');
  const local = new Date(`${text}Z`);
  return { text, minute: local.getUTCMinutes(), hour: local.getUTCHours(), weekday: local.getUTCDay() };
}

function matches(field: string, value: number, max: number): boolean {
  return field.split(',').some((part) => {
    const [range = '*', step = '1'] = part.split('/');
    const [low, high] =
      range === '*' ? [0, max] : [Number(range.split('-')[0]), Number(range.split('-').at(-1))];
    return value >= low && value <= high && (value - low) % Number(step) === 0;
  });
}
