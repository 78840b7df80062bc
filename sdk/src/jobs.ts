import type { z } from 'zod';
import type { Disposer } from './disposer.js';
import type { Logger } from './logger.js';

/** A cron expression (five fields, IANA zone, default the host's) or a fixed interval. */
export type Schedule = { cron: string; timezone?: string } | { everyMs: number };

export type RunTrigger = 'schedule' | 'manual' | 'api' | 'cli' | 'missed' | 'retry' | 'event';

export type RunOutcome =
  | 'succeeded'
  | 'failed'
  | 'timed_out'
  | 'cancelled'
  | 'crashed'
  | 'out_of_memory'
  | 'skipped_overlap'
  | 'interrupted';

export interface RunProgress {
  /** 0 to 1. */
  value: number;
  phase: string | null;
  message: string | null;
}

/** What a run sees of itself. */
export interface RunContext<Input> {
  readonly id: string;
  readonly input: Input;
  /** Its lines carry the run's id and are kept as the run's log. */
  readonly logger: Logger;
  /** Aborts on cancel, on timeout and when the plugin stops. */
  readonly signal: AbortSignal;
  readonly trigger: RunTrigger;
  /** The firing this run serves; null when started by hand. */
  readonly scheduledFor: Date | null;
  /** 1 for the first attempt. */
  readonly attempt: number;
  progress(value: number, phase?: string, message?: string): void;
}

export interface JobSpec<S extends z.ZodType = z.ZodType, Result = unknown> {
  /** Unique in the plugin; the job's id is `<plugin>/<name>`. */
  name: string;
  title?: string;
  description?: string;
  /** Checks the input of every run. Default: an empty object. Scheduled runs use what `{}` parses to. */
  input?: S;
  /** Default: on demand only. The config's `schedules.<name>` overrides it. */
  schedule?: Schedule;
  /** Default 3 600 000. The run then ends as `timed_out`. */
  timeoutMs?: number;
  /** Time a run may take to end after its signal aborted. Default 5 000. */
  graceMs?: number;
  /** A firing while a run is under way. Default `skip`. */
  overlap?: 'skip' | 'queue' | 'allow';
  /** Firings missed while the host was down. Default `skip`. */
  missed?: 'skip' | 'once';
  /** A run cut off by the end of the process. Default `fail`: it stays `interrupted`. */
  onInterrupt?: 'fail' | 'retry';
  /** Further attempts after a failure, under the same run. Default none. */
  retries?: { attempts: number; backoffMs?: number };
  run(run: RunContext<z.output<S>>): Promise<Result> | Result;
}

export interface Jobs {
  define<S extends z.ZodType, Result>(spec: JobSpec<S, Result>): Disposer;
  /** Accepts a run of one of the plugin's own jobs; the promise resolves when it is on disk. */
  run(name: string, input?: unknown): Promise<{ runId: string }>;
  /** The coming firings of one of the plugin's jobs, soonest first. */
  next(name: string, count?: number): Date[];
}

/** A run as the API shows it. Times are ISO 8601 UTC. */
export interface RunRecord {
  id: string;
  job: string;
  trigger: RunTrigger;
  state: 'queued' | 'running' | 'finished';
  outcome: RunOutcome | null;
  scheduledFor: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  attempts: number;
  progress: RunProgress;
  input: unknown;
  result: unknown;
  error: { code: string; message: string; hint: string | null } | null;
}
