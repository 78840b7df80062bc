import type { RunOutcome, RunRecord, RunTrigger } from '@atoll/sdk';

/** One run. Times are milliseconds since the epoch, JSON is text. */
export interface JobRunTable {
  id: string;
  job: string;
  trigger: RunTrigger;
  state: RunRecord['state'];
  outcome: RunOutcome | null;
  /** Unique within the job where set: one firing, or one repetition of an interrupted run, gives one run. */
  idempotency_key: string | null;
  /** 1: runs again when it is interrupted. */
  retry_on_interrupt: number;
  /** How many times the process died under this work, over all its repetitions. */
  crashes: number;
  /** What the request, or other work, that asked for the run is found by in the log; null where there was none. */
  correlation_id: string | null;
  scheduled_for: number | null;
  queued_at: number;
  started_at: number | null;
  finished_at: number | null;
  attempts: number;
  progress_value: number;
  progress_phase: string | null;
  progress_message: string | null;
  input: string;
  result: string | null;
  error_code: string | null;
  error_message: string | null;
  error_hint: string | null;
}

interface JobRunLogTable {
  run_id: string;
  /** One JSON object a line. */
  lines: string;
}

/** What a job's schedule remembers between two lives of the process. */
interface JobStateTable {
  job: string;
  paused: number;
  /** The text of the schedule that `anchor_at` belongs to; null for a job without one. */
  schedule: string | null;
  /** Firings up to here are settled; intervals count from here until the first run. */
  anchor_at: number;
}

/** The tables of the host's database that belong to jobs. */
export interface JobTables {
  job_runs: JobRunTable;
  job_run_logs: JobRunLogTable;
  job_states: JobStateTable;
}
