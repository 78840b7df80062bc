import type { Clock, Disposer, JobSpec, Logger } from '@atoll/sdk';
import type { JobHost } from './job-host.js';
import { type Firings, latestFiring } from './schedule.js';

/** A job as the scheduler knows it. */
interface ScheduledJob {
  id: string;
  firings: Firings;
  /** Where intervals count from: a past firing, or when the schedule was first seen. */
  anchor: number;
  missed: NonNullable<JobSpec['missed']>;
  /** Accepts the run of a firing; a rejection means that it is not on record and is tried again. */
  fire(trigger: 'schedule' | 'missed', scheduledFor: number): Promise<void>;
}

interface Entry {
  job: ScheduledJob;
  next: number | null;
}

/** The wall clock may be moved while a timer waits, so no timer waits longer than this. */
const longestWaitMs = 60_000;
/** A firing later than this was missed: the machine slept, or the clock was moved past it. */
const lateLimitMs = 5 * 60_000;

/** Fires scheduled jobs by the wall clock, through one timer for all of them. */
export class Scheduler {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #leave: JobHost['leave'];
  readonly #entries = new Map<string, Entry>();
  #cancelTimer: Disposer | undefined;
  #lastLook = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, logger: Logger, leave: JobHost['leave']) {
    this.#clock = clock;
    this.#logger = logger;
    this.#leave = leave;
  }

  /** Fires `job` from now on, until the disposer is called. */
  add(job: ScheduledJob): Disposer {
    const entry: Entry = { job, next: job.firings.next(this.#clock.now(), job.anchor) };
    this.#entries.set(job.id, entry);
    this.#arm();
    return () => {
      if (this.#entries.get(job.id) !== entry) return;
      this.#entries.delete(job.id);
      this.#arm();
    };
  }

  /** When the job fires next; null when it does not. */
  next(id: string): number | null {
    return this.#entries.get(id)?.next ?? null;
  }

  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#entries.size === 0) return;
    const now = this.#clock.now();
    let wait = longestWaitMs;
    // A firing that could not be recorded is in the past; it waits for the next look.
    for (const { next } of this.#entries.values())
      if (next !== null && next > now) wait = Math.min(wait, next - now);
    this.#cancelTimer = this.#leave(() => this.#clock.setTimeout(() => this.#look(), wait));
  }

  #look(): void {
    const now = this.#clock.now();
    const setBack = now < this.#lastLook;
    this.#lastLook = now;
    for (const entry of this.#entries.values()) {
      const due = entry.next !== null && entry.next <= now;
      if (due) this.#fire(entry, now);
      // After the clock was set back, a firing may come before the one that was expected.
      if (due || setBack) entry.next = entry.job.firings.next(now, entry.job.anchor);
    }
    this.#arm();
  }

  #fire(entry: Entry, now: number): void {
    const { id, firings, anchor, missed, fire } = entry.job;
    const due = latestFiring(firings, (entry.next ?? now) - 1, now, anchor) ?? now;
    const late = now - due > lateLimitMs;
    if (late && missed === 'skip') {
      const at = new Date(due).toISOString();
      this.#logger.warn({ job: id, scheduledFor: at }, `${id} missed its firing at ${at}; it skips those`);
      return;
    }
    fire(late ? 'missed' : 'schedule', due).catch((error: unknown) => {
      this.#logger.error(
        { err: error, job: id },
        `${id} was due but its run could not be recorded; trying again`,
      );
      if (entry.next === null || entry.next > due) entry.next = due;
    });
  }
}
