import type { JobSpec, RunTrigger } from '@atoll/sdk';

/** What becomes of a run that is asked for. `refuse` is a refusal to a person, `skip` a recorded skipped firing. */
export type Admission = 'start' | 'wait' | 'skip' | 'refuse';

interface Occupancy {
  /** Runs under way, those that ignore their end included. */
  running: number;
  /** Accepted runs that wait. */
  waiting: number;
  /** Of those, the ones a schedule asked for. */
  firingsWaiting: number;
  /** The plugin has armed its jobs; until then everything waits. */
  armed: boolean;
}

/** Runs of one job that may wait, and that may run at once under `allow`. */
export const queueLimit = 100;

/** Whether a run may begin, by the job's overlap policy. Requests are queued in full, firings are coalesced. */
export function admit(
  overlap: NonNullable<JobSpec['overlap']>,
  trigger: RunTrigger,
  { running, waiting, firingsWaiting, armed }: Occupancy,
): Admission {
  const firing = isFiring(trigger);
  const turnedAway = firing ? 'skip' : 'refuse';
  if (overlap === 'allow' && armed) return running < queueLimit ? 'start' : turnedAway;
  if (running + waiting === 0) return armed ? 'start' : 'wait';
  if (overlap === 'skip') return turnedAway;
  const full = firing ? firingsWaiting > 0 : waiting >= queueLimit;
  return full ? turnedAway : 'wait';
}

/** True for runs that a schedule asked for. */
export function isFiring(trigger: RunTrigger): boolean {
  return trigger === 'schedule' || trigger === 'missed';
}
