import type { RunRecord } from '@atoll/sdk';
import type { JobRunner } from './job-runner.js';

/** A defined job as the API shows it. Times are ISO 8601 UTC. */
export interface JobSummary {
  /** `<plugin>/<name>`. */
  id: string;
  plugin: string;
  name: string;
  title: string;
  description: string | null;
  /** Null: on demand only. `text` is the cron expression or `every <n> ms`, `words` is for people. */
  schedule: { text: string; words: string } | null;
  /** The zone a cron expression is read in; null where no zone matters. */
  timezone: string | null;
  /** Null while paused, and for a job on demand. */
  nextRunAt: string | null;
  paused: boolean;
  overlap: 'skip' | 'queue' | 'allow';
  /** JSON Schema (draft 2020-12) of the input. */
  inputSchema: Record<string, unknown>;
  /** Runs under way; `abandoned` of them ignore that they were ended. */
  running: number;
  abandoned: number;
  /** Accepted runs that wait. */
  queued: number;
  lastRun: RunRecord | null;
}

/** Describes a job as it stands. */
export function summarize(runner: JobRunner, abandoned: number, lastRun: RunRecord | undefined): JobSummary {
  const { job, schedule, running, waiting, inputSchema } = runner;
  const next = schedule.next(1)[0];
  return {
    id: job.id,
    plugin: job.plugin,
    name: job.name,
    title: job.title,
    description: job.description,
    schedule: job.firings && { text: job.firings.text, words: job.firings.words },
    timezone: job.firings?.timezone ?? null,
    nextRunAt: next === undefined ? null : new Date(next).toISOString(),
    paused: schedule.paused,
    overlap: job.overlap,
    inputSchema,
    running,
    abandoned,
    queued: waiting,
    lastRun: lastRun ?? null,
  };
}
