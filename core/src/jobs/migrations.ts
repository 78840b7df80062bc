import type { Migrations } from '@atoll/sdk';

/** The job tables of the host's database, on SQLite and PostgreSQL alike. */
export const jobMigrations: Migrations = {
  '001_jobs_runs': {
    async up(db) {
      await db.schema
        .createTable('job_runs')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('job', 'text', (column) => column.notNull())
        .addColumn('trigger', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('outcome', 'text')
        .addColumn('idempotency_key', 'text')
        .addColumn('retry_on_interrupt', 'smallint', (column) => column.notNull())
        .addColumn('crashes', 'smallint', (column) => column.notNull())
        .addColumn('correlation_id', 'text')
        .addColumn('scheduled_for', 'bigint')
        .addColumn('queued_at', 'bigint', (column) => column.notNull())
        .addColumn('started_at', 'bigint')
        .addColumn('finished_at', 'bigint')
        .addColumn('attempts', 'integer', (column) => column.notNull())
        .addColumn('progress_value', 'double precision', (column) => column.notNull())
        .addColumn('progress_phase', 'text')
        .addColumn('progress_message', 'text')
        .addColumn('input', 'text', (column) => column.notNull())
        .addColumn('result', 'text')
        .addColumn('error_code', 'text')
        .addColumn('error_message', 'text')
        .addColumn('error_hint', 'text')
        .execute();
      // The partial indexes keep out what their queries never ask for: every page less makes a run cheaper.
      await db.schema
        .createIndex('job_runs_idempotency')
        .on('job_runs')
        .columns(['job', 'idempotency_key'])
        .where('idempotency_key', 'is not', null)
        .unique()
        .execute();
      await db.schema.createIndex('job_runs_job').on('job_runs').columns(['job', 'id']).execute();
      await db.schema
        .createIndex('job_runs_job_outcome')
        .on('job_runs')
        .columns(['job', 'outcome', 'id'])
        .where('outcome', 'is not', null)
        .execute();
      await db.schema
        .createIndex('job_runs_outcome')
        .on('job_runs')
        .columns(['outcome', 'id'])
        .where('outcome', 'is not', null)
        .execute();
      await db.schema
        .createIndex('job_runs_open')
        .on('job_runs')
        .columns(['state', 'id'])
        .where('state', '<>', 'finished')
        .execute();
      await db.schema
        .createTable('job_run_logs')
        .addColumn('run_id', 'text', (column) => column.primaryKey())
        .addColumn('lines', 'text', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('job_states')
        .addColumn('job', 'text', (column) => column.primaryKey())
        .addColumn('paused', 'smallint', (column) => column.notNull())
        .addColumn('schedule', 'text')
        .addColumn('anchor_at', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
};
