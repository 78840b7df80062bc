import { AtollError, type RunOutcome, type RunRecord, type RunTrigger } from '@atoll/sdk';
import type { Kysely } from 'kysely';
import type { TimeOrderedIds } from '../ids/time-ordered-ids.js';
import type { JobTables } from './job-tables.js';
import { parseRunLog, type RunLogLine } from './run-log.js';
import { type NewRunRow, type RunRow, toRunRecord } from './run-record.js';

/** How many times a run may be repeated after the process died under it, before its job is held to be the cause. */
const crashLimit = 3;

/** A run that waits, as little as is needed to start it in order. */
export interface WaitingRun {
  id: string;
  trigger: RunTrigger;
}

export interface RunFilter {
  job?: string;
  outcome?: RunOutcome;
  state?: RunRecord['state'];
  /** The `nextCursor` of the page before. */
  cursor?: string;
  /** Default 50, at most 200. */
  limit?: number;
}

export interface RunPage {
  items: RunRecord[];
  nextCursor: string | null;
}

/** The runs in the host's database. Every promise it returns resolves when the change is on disk. */
export class RunStore {
  readonly #db: Kysely<JobTables>;

  constructor(db: Kysely<JobTables>) {
    this.#db = db;
  }

  /** Stores a new run. False when one with its idempotency key is there already. */
  async insert(row: NewRunRow): Promise<boolean> {
    const inserted = await this.#db
      .insertInto('job_runs')
      .values(row)
      .onConflict((conflict) =>
        conflict.columns(['job', 'idempotency_key']).where('idempotency_key', 'is not', null).doNothing(),
      )
      .executeTakeFirst();
    return Number(inserted.numInsertedOrUpdatedRows) === 1;
  }

  /** Marks a queued run as running. Undefined when it is not queued any more. */
  start(id: string, now: number): Promise<RunRow | undefined> {
    return this.#db
      .updateTable('job_runs')
      .set({ state: 'running', started_at: now, attempts: 1 })
      .where('id', '=', id)
      .where('state', '=', 'queued')
      .returningAll()
      .executeTakeFirst();
  }

  async saveProgress(run: RunRow): Promise<void> {
    const { attempts, progress_value, progress_phase, progress_message } = run;
    await this.#db
      .updateTable('job_runs')
      .set({ attempts, progress_value, progress_phase, progress_message })
      .where('id', '=', run.id)
      .where('state', '=', 'running')
      .execute();
  }

  async saveLog(id: string, lines: string): Promise<void> {
    await saveLog(this.#db, id, lines);
  }

  /** Stores how a run ended, and its log; `next` is the run that repeats it. All or nothing. */
  async finish(run: RunRow, log: string, next: NewRunRow | undefined): Promise<void> {
    if (log === '' && !next) return finish(this.#db, run);
    await this.#db.transaction().execute(async (trx) => {
      await finish(trx, run);
      if (log !== '') await saveLog(trx, run.id, log);
      if (next) await trx.insertInto('job_runs').values(next).execute();
    });
  }

  /** Ends a queued run. False when it is not queued any more. */
  async finishQueued(id: string, outcome: RunOutcome, now: number): Promise<boolean> {
    const done = await this.#db
      .updateTable('job_runs')
      .set({ state: 'finished', outcome, finished_at: now })
      .where('id', '=', id)
      .where('state', '=', 'queued')
      .executeTakeFirst();
    return Number(done.numUpdatedRows) === 1;
  }

  /**
   * Marks what a dead process left running as interrupted, and queues it again where its job asks for it.
   * Returns how many there were.
   */
  interruptOrphans(ids: TimeOrderedIds, now: number): Promise<number> {
    return this.#db.transaction().execute(async (trx) => {
      const orphans = await trx
        .selectFrom('job_runs')
        .selectAll()
        .where('state', '=', 'running')
        .where('state', '<>', 'finished')
        .orderBy('id')
        .execute();
      for (const orphan of orphans) {
        const again = orphan.retry_on_interrupt === 1 && orphan.crashes < crashLimit;
        await trx
          .updateTable('job_runs')
          .set({
            state: 'finished',
            outcome: 'interrupted',
            finished_at: now,
            error_code: 'cancelled',
            error_message: 'the process ended while the run was under way',
            error_hint:
              orphan.retry_on_interrupt === 1 && !again
                ? `It happened ${crashLimit + 1} times in a row, so it is not tried again. Look for what ends the process.`
                : null,
          })
          .where('id', '=', orphan.id)
          .execute();
        if (again)
          await trx
            .insertInto('job_runs')
            .values(repetition(orphan, ids.next(now), now, orphan.crashes + 1))
            .execute();
      }
      return orphans.length;
    });
  }

  /** The queued runs of a job, in the order they were accepted. */
  queued(job: string): Promise<WaitingRun[]> {
    return this.#db
      .selectFrom('job_runs')
      .select(['id', 'trigger'])
      .where('state', '=', 'queued')
      .where('state', '<>', 'finished')
      .where('job', '=', job)
      .orderBy('id')
      .execute();
  }

  async get(id: string): Promise<RunRecord | undefined> {
    const row = await this.#db.selectFrom('job_runs').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toRunRecord(row);
  }

  async log(id: string): Promise<RunLogLine[]> {
    const row = await this.#db
      .selectFrom('job_run_logs')
      .select('lines')
      .where('run_id', '=', id)
      .executeTakeFirst();
    return parseRunLog(row?.lines ?? '');
  }

  /** The id that sorts last. */
  async lastId(): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('job_runs')
      .select('id')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.id;
  }

  /** The latest run of a job. */
  async last(job: string): Promise<RunRecord | undefined> {
    return (await this.list({ job, limit: 1 })).items[0];
  }

  /** Runs, latest first. Throws `bad_request` for a limit out of range. */
  async list(filter: RunFilter): Promise<RunPage> {
    const limit = filter.limit ?? 50;
    if (!Number.isInteger(limit) || limit < 1 || limit > 200)
      throw new AtollError('bad_request', `limit is ${limit}; it has to be from 1 to 200`, {
        errors: [{ path: 'limit', message: 'has to be from 1 to 200' }],
      });
    const rows = await selectRuns(this.#db, filter)
      .limit(limit + 1)
      .execute();
    const items = rows.slice(0, limit).map(toRunRecord);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  }
}

/** The runs that `filter` lets through, latest first. */
export function selectRuns(db: Kysely<JobTables>, filter: RunFilter) {
  let query = db.selectFrom('job_runs').selectAll();
  if (filter.job !== undefined) query = query.where('job', '=', filter.job);
  if (filter.outcome !== undefined) query = query.where('outcome', '=', filter.outcome);
  if (filter.state !== undefined) {
    query = query.where('state', '=', filter.state);
    // Said again for the partial index of open runs: SQLite does not deduce it.
    if (filter.state !== 'finished') query = query.where('state', '<>', 'finished');
  }
  if (filter.cursor !== undefined) query = query.where('id', '<', filter.cursor);
  return query.orderBy('id', 'desc');
}

/** The run that repeats `row`, which was interrupted. */
export function repetition(
  row: Pick<RunRow, 'id' | 'job' | 'correlation_id' | 'scheduled_for' | 'input'>,
  id: string,
  now: number,
  crashes: number,
): NewRunRow {
  return {
    id,
    job: row.job,
    trigger: 'retry',
    state: 'queued',
    idempotency_key: `retry:${row.id}`,
    retry_on_interrupt: 1,
    crashes,
    correlation_id: row.correlation_id,
    scheduled_for: row.scheduled_for,
    queued_at: now,
    attempts: 0,
    progress_value: 0,
    input: row.input,
  };
}

async function finish(db: Kysely<JobTables>, run: RunRow): Promise<void> {
  const { id, state, outcome, finished_at, attempts, result, error_code, error_message, error_hint } = run;
  const { progress_value, progress_phase, progress_message } = run;
  await db
    .updateTable('job_runs')
    .set({ state, outcome, finished_at, attempts, result, error_code, error_message, error_hint })
    .set({ progress_value, progress_phase, progress_message })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute();
}

async function saveLog(db: Kysely<JobTables>, id: string, lines: string): Promise<void> {
  await db
    .insertInto('job_run_logs')
    .values({ run_id: id, lines })
    .onConflict((conflict) => conflict.column('run_id').doUpdateSet({ lines }))
    .execute();
}
