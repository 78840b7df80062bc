import type { Kysely } from 'kysely';
import type { JobTables } from './job-tables.js';
import type { RememberedSchedule } from './schedule-anchor.js';

/** What is remembered of a job. */
interface JobState extends RememberedSchedule {
  paused: boolean;
}

/** Whether jobs are paused and how far their schedules have come, in the host's database. */
export class JobStateStore {
  readonly #db: Kysely<JobTables>;

  constructor(db: Kysely<JobTables>) {
    this.#db = db;
  }

  async get(job: string): Promise<JobState | undefined> {
    const row = await this.#db.selectFrom('job_states').selectAll().where('job', '=', job).executeTakeFirst();
    if (!row) return undefined;
    const { last } = await this.#db
      .selectFrom('job_runs')
      .select((select) => select.fn.max('scheduled_for').as('last'))
      .where('job', '=', job)
      .executeTakeFirstOrThrow();
    return {
      paused: row.paused === 1,
      schedule: row.schedule,
      anchorAt: row.anchor_at,
      lastFiring: last,
    };
  }

  async set(
    job: string,
    state: { paused: boolean; schedule: string | null; anchorAt: number },
  ): Promise<void> {
    const row = { paused: state.paused ? 1 : 0, schedule: state.schedule, anchor_at: state.anchorAt };
    await this.#db
      .insertInto('job_states')
      .values({ job, ...row })
      .onConflict((conflict) => conflict.column('job').doUpdateSet(row))
      .execute();
  }
}
