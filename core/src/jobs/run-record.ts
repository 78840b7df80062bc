import type { RunRecord } from '@atoll/sdk';
import type { Insertable, Selectable } from 'kysely';
import type { JobRunTable } from './job-tables.js';

export type RunRow = Selectable<JobRunTable>;
export type NewRunRow = Insertable<JobRunTable>;

/** A stored run as the API shows it. */
export function toRunRecord(row: RunRow): RunRecord {
  return {
    id: row.id,
    job: row.job,
    trigger: row.trigger,
    state: row.state,
    outcome: row.outcome,
    scheduledFor: iso(row.scheduled_for),
    startedAt: iso(row.started_at),
    finishedAt: iso(row.finished_at),
    attempts: row.attempts,
    progress: { value: row.progress_value, phase: row.progress_phase, message: row.progress_message },
    input: JSON.parse(row.input) as unknown,
    result: row.result === null ? null : (JSON.parse(row.result) as unknown),
    error:
      row.error_code === null
        ? null
        : { code: row.error_code, message: row.error_message ?? '', hint: row.error_hint },
  };
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
