import { ConfigError, type Schedule } from '@atoll/sdk';
import { CronFirings } from './cron-firings.js';
import { IntervalFirings } from './interval-firings.js';

/** When a job fires. All times are milliseconds since the epoch. */
export interface Firings {
  /** Equal texts mean equal firings. */
  readonly text: string;
  /** The same for people. */
  readonly words: string;
  /** IANA name of the zone it is read in; null where no zone matters. */
  readonly timezone: string | null;
  /** The first firing after `after`; null when there is none. `anchor` is a past firing or the first sight. */
  next(after: number, anchor: number): number | null;
}

/** What the config says about a job's schedule, in place of the plugin: `false` means on demand only. */
export type ScheduleOverride = Schedule | false;

/**
 * Reads a schedule. `path` is where it stands, for messages.
 * Throws a ConfigError that names `path` when the expression, the zone or the interval is not usable.
 */
export function readSchedule(
  schedule: Schedule,
  where: { path: string; plugin: string; timezone: string },
): Firings {
  try {
    return 'cron' in schedule
      ? new CronFirings(schedule.cron, schedule.timezone ?? where.timezone)
      : new IntervalFirings(schedule.everyMs);
  } catch (error) {
    throw new ConfigError(where.path, `${where.path}: ${(error as Error).message}`, {
      plugin: where.plugin,
      hint: 'Write five cron fields such as "0 3 * * *" with an IANA zone such as Europe/Berlin, or everyMs of at least 1000.',
      cause: error,
    });
  }
}

/** The last firing in `(after, until]`, or null. Takes about 40 steps whatever the span. */
export function latestFiring(firings: Firings, after: number, until: number, anchor: number): number | null {
  const first = firings.next(after, anchor);
  if (first === null || first > until) return null;
  // next() never falls as its argument grows, so the last one is found by halving the span.
  let low = first;
  let high = until;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const next = firings.next(middle - 1, anchor);
    if (next !== null && next <= until) low = next;
    else high = middle - 1;
  }
  return low;
}
