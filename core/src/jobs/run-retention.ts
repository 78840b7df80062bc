import type { Clock, Disposer, Logger, RunOutcome } from '@atoll/sdk';
import type { Kysely, SelectQueryBuilder } from 'kysely';
import { earliestId } from '../ids/time-ordered-ids.js';
import type { JobTables } from './job-tables.js';

/** Runs of each job that are kept whatever their outcome; skipped firings are counted apart from the others. */
const keptRuns = 100;
const failuresKeptMs = 30 * 86_400_000;
const sweepEveryMs = 6 * 3_600_000;
/** A job's history is looked through again after this many runs. */
const pruneEvery = 50;
/** Rows deleted in one transaction, so that nobody waits for a large clean-up. */
const batch = 500;

const settled: RunOutcome[] = ['succeeded', 'cancelled'];
const failures: RunOutcome[] = ['failed', 'timed_out', 'crashed', 'out_of_memory', 'interrupted'];

/** Forgets old runs: what remains is the last 100 of each job, and every failure of the last 30 days. */
export class RunRetention {
  readonly #db: Kysely<JobTables>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #finished = new Map<string, number>();
  #cancelSweep: Disposer | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(db: Kysely<JobTables>, clock: Clock, logger: Logger) {
    this.#db = db;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Looks through all jobs now and every six hours. */
  start(): void {
    this.#queue(() => this.#sweep());
    this.#cancelSweep = this.#clock.setTimeout(() => this.start(), sweepEveryMs);
  }

  /** Resolves when nothing is being deleted any more. */
  stop(): Promise<void> {
    this.#cancelSweep?.();
    return this.#work;
  }

  /** Counts a run of `job` that ended. */
  count(job: string): void {
    const finished = (this.#finished.get(job) ?? 0) + 1;
    this.#finished.set(job, finished % pruneEvery);
    if (finished === pruneEvery) this.#queue(() => this.prune(job));
  }

  /** Deletes what is beyond the limits of one job. */
  async prune(job: string): Promise<void> {
    const runs = this.#db.selectFrom('job_runs').select('id').where('job', '=', job);
    const skipped = runs.where('outcome', '=', 'skipped_overlap');
    const oldestSkipped = await nth(skipped);
    if (oldestSkipped) await this.#delete(skipped.where('id', '<', oldestSkipped));
    const oldest = await nth(runs.where('outcome', '<>', 'skipped_overlap'));
    if (!oldest) return;
    await this.#delete(runs.where('outcome', 'in', settled).where('id', '<', oldest));
    const expired = earliestId(this.#clock.now() - failuresKeptMs);
    await this.#delete(
      runs.where('outcome', 'in', failures).where('id', '<', oldest).where('id', '<', expired),
    );
  }

  async #sweep(): Promise<void> {
    const jobs = await this.#db.selectFrom('job_runs').select('job').distinct().execute();
    for (const { job } of jobs) await this.prune(job);
  }

  /** One clean-up after the other; a failed one leaves the rows for the next. */
  #queue(work: () => Promise<void>): void {
    this.#work = this.#work
      .then(work)
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'old runs could not be removed'));
  }

  async #delete(runs: SelectQueryBuilder<JobTables, 'job_runs', { id: string }>): Promise<void> {
    for (;;) {
      const ids = (await runs.limit(batch).execute()).map(({ id }) => id);
      if (ids.length === 0) return;
      await this.#db.transaction().execute(async (trx) => {
        await trx.deleteFrom('job_run_logs').where('run_id', 'in', ids).execute();
        await trx.deleteFrom('job_runs').where('id', 'in', ids).execute();
      });
    }
  }
}

/** The id of the last run that is within the limit; undefined when there are fewer. */
async function nth(
  runs: SelectQueryBuilder<JobTables, 'job_runs', { id: string }>,
): Promise<string | undefined> {
  const row = await runs
    .orderBy('id', 'desc')
    .offset(keptRuns - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.id;
}
