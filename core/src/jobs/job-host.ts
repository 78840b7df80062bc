import type { Clock, Logger } from '@atoll/sdk';
import type { TimeOrderedIds } from '../ids/time-ordered-ids.js';
import type { ActiveRuns } from './active-runs.js';
import type { BreeEngine } from './bree-engine.js';
import type { JobEvent } from './job-events.js';
import type { JobMetrics } from './job-metrics.js';
import type { JobRunner } from './job-runner.js';
import type { JobStateStore } from './job-state-store.js';
import type { RunRetention } from './run-retention.js';
import type { RunStore } from './run-store.js';
import type { Scheduler } from './scheduler.js';
import type { SettledRuns } from './settled-runs.js';

/** Runs plugin code on behalf of a plugin, a job and a run. */
export type EnterScope = <T>(
  scope: { plugin: string; job?: string; run?: string; correlationId?: string },
  fn: () => T,
) => T;

/** What all jobs of a host share. */
export interface JobHost {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timezone: string;
  readonly store: RunStore;
  readonly states: JobStateStore;
  readonly retention: RunRetention;
  readonly scheduler: Scheduler;
  readonly metrics: JobMetrics;
  readonly ids: TimeOrderedIds;
  readonly active: ActiveRuns;
  readonly settled: SettledRuns;
  /** The defined jobs by id. */
  readonly runners: Map<string, JobRunner>;
  /** Aborts when the host stops waiting for runs. */
  readonly stopped: AbortSignal;
  /** Loads Bree on first use, which takes 50 ms that the start of the host does not have. */
  engine(): Promise<BreeEngine>;
  /** Registers a job with the engine, if that is loaded already. */
  prepare(job: string): Promise<void>;
  /** Removes what the engine keeps of a job. */
  forget(job: string): Promise<void>;
  /** Throws `unavailable` where no run may be accepted. */
  assertAccepting(): void;
  enter: EnterScope;
  /** What the log finds the work of this moment by; undefined outside of any. */
  correlationId(): string | undefined;
  /** Runs `fn` as nobody's: what serves everyone belongs to no request, run or plugin that happened to set it off. */
  leave<T>(fn: () => T): T;
  emit(event: JobEvent): void;
  redact(text: string): string;
}
