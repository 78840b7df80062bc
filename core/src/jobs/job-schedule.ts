import type { Disposer } from '@atoll/sdk';
import type { JobDefinition } from './job-definition.js';
import type { JobHost } from './job-host.js';
import { latestFiring } from './schedule.js';
import { resumeSchedule } from './schedule-anchor.js';

type Fire = (trigger: 'schedule' | 'missed', scheduledFor: number) => Promise<void>;

/** The schedule of one job across pauses and restarts. */
export class JobSchedule {
  readonly #host: JobHost;
  readonly #job: JobDefinition;
  readonly #fire: Fire;
  #armed = false;
  #paused = false;
  /** Firings up to here are settled; intervals count from here. */
  #anchor = 0;
  #cancel: Disposer | undefined;

  constructor(host: JobHost, job: JobDefinition, fire: Fire) {
    this.#host = host;
    this.#job = job;
    this.#fire = fire;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** The coming firings, soonest first; none while paused or before the job is armed. */
  next(count: number): number[] {
    const found: number[] = [];
    const { firings, id } = this.#job;
    let next = this.#host.scheduler.next(id);
    while (firings && next !== null && found.length < count) {
      found.push(next);
      next = firings.next(next, this.#anchor);
    }
    return found;
  }

  /**
   * Goes on from where the schedule was left, and fires for what was missed where the job asks for it; with
   * `fires` false it only looks where that is.
   */
  async arm(fires: boolean): Promise<void> {
    const { states, clock } = this.#host;
    const { id, firings, missed } = this.#job;
    this.#armed = fires;
    const state = await states.get(id);
    this.#paused = state?.paused ?? false;
    if (!firings) {
      // With its schedule gone, what passes from now on was never promised.
      if (state?.schedule && this.#armed) await this.#remember();
      return;
    }
    const resumed = resumeSchedule(firings, missed, state, clock.now());
    this.#anchor = resumed.anchor;
    if (!this.#armed) return;
    if (resumed.changed) await this.#remember();
    this.#start();
    if (resumed.missed !== null && this.#armed && !this.#paused) await this.#fire('missed', resumed.missed);
  }

  /** Fires no more until it is armed again. */
  disarm(): void {
    this.#armed = false;
    this.#stop();
  }

  /** Fires no more until `resume`, also across restarts. */
  async pause(): Promise<void> {
    this.#paused = true;
    this.#stop();
    await this.#remember();
  }

  /** Fires again. What passed meanwhile is settled; an interval keeps its beat. */
  async resume(): Promise<void> {
    if (!this.#paused) return;
    this.#paused = false;
    const { firings } = this.#job;
    if (firings)
      this.#anchor =
        latestFiring(firings, this.#anchor, this.#host.clock.now(), this.#anchor) ?? this.#anchor;
    this.#start();
    await this.#remember();
  }

  #start(): void {
    const { firings, id, missed } = this.#job;
    if (!firings || !this.#armed || this.#paused) return;
    this.#stop();
    this.#cancel = this.#host.scheduler.add({
      id,
      firings,
      anchor: this.#anchor,
      missed,
      fire: this.#fire,
    });
  }

  #stop(): void {
    void this.#cancel?.();
    this.#cancel = undefined;
  }

  #remember(): Promise<void> {
    return this.#host.states.set(this.#job.id, {
      paused: this.#paused,
      schedule: this.#job.firings?.text ?? null,
      anchorAt: this.#anchor,
    });
  }
}
