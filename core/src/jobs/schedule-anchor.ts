import type { JobSpec } from '@atoll/sdk';
import { IntervalFirings } from './interval-firings.js';
import { type Firings, latestFiring } from './schedule.js';

/** What the database remembers about a job's schedule. */
export interface RememberedSchedule {
  schedule: string | null;
  anchorAt: number;
  /** The latest firing that has a run on record. */
  lastFiring: number | null;
}

interface ResumedSchedule {
  /** Everything up to here is settled; intervals count from here. */
  anchor: number;
  /** The anchor has to be stored: the schedule is new or has changed. */
  changed: boolean;
  /** The latest firing that passed unseen, to run now; null when there is none or the job skips them. */
  missed: number | null;
}

/**
 * Where a schedule goes on after the process was away. An interval continues from its last firing, also with
 * a new length; a changed cron expression begins now, since its past firings were never promised.
 */
export function resumeSchedule(
  firings: Firings,
  missed: NonNullable<JobSpec['missed']>,
  remembered: RememberedSchedule | undefined,
  now: number,
): ResumedSchedule {
  if (remembered === undefined || remembered.schedule === null)
    return { anchor: now, changed: true, missed: null };
  const changed = remembered.schedule !== firings.text;
  const continues =
    !changed || (firings instanceof IntervalFirings && remembered.schedule.startsWith('every '));
  if (!continues) return { anchor: now, changed, missed: null };
  const anchor = Math.max(remembered.anchorAt, remembered.lastFiring ?? Number.NEGATIVE_INFINITY);
  return {
    anchor,
    changed,
    missed: missed === 'once' && anchor < now ? latestFiring(firings, anchor, now, anchor) : null,
  };
}
