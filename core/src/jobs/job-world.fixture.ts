import type { JobSpec, Logger, RunRecord, z } from '@atoll/sdk';
import type { Kysely } from 'kysely';
import { FakeClock } from '../clock/fake-clock.js';
import { MetricsService } from '../metrics/metrics-service.js';
import { openDatabase } from '../storage/open-database.js';
import type { JobEvent } from './job-events.js';
import { JobService } from './job-service.js';
import type { JobTables } from './job-tables.js';
import { jobMigrations } from './migrations.js';
import type { PluginJobs } from './plugin-jobs.js';
import { recordingLogger } from './recording-logger.fixture.js';
import type { ScheduleOverride } from './schedule.js';

interface JobWorldOptions {
  start?: string;
  timezone?: string;
}

/** A job service with a database in memory and one plugin `p`, which can die and come back. */
export class JobWorld {
  readonly clock: FakeClock;
  readonly db: Kysely<JobTables>;
  readonly logger: Logger & { lines: string[] } = recordingLogger();
  readonly events: JobEvent[] = [];
  readonly scopes: object[] = [];
  readonly timezone: string;
  metrics: MetricsService;
  service!: JobService;
  plugin!: PluginJobs;

  private constructor(
    db: Kysely<JobTables>,
    { start = '2026-01-05T12:00:00Z', timezone = 'UTC' }: JobWorldOptions,
  ) {
    this.db = db;
    this.timezone = timezone;
    this.clock = new FakeClock(Date.parse(start));
    this.metrics = new MetricsService({ logger: this.logger, clock: this.clock });
  }

  static async create(options: JobWorldOptions = {}): Promise<JobWorld> {
    const db = openDatabase<JobTables>({ file: ':memory:' });
    for (const name of Object.keys(jobMigrations).sort()) await jobMigrations[name]?.up(db);
    const world = new JobWorld(db, options);
    await world.boot();
    return world;
  }

  /** Starts a service on the database, with the plugin's jobs not yet defined. */
  async boot(schedules?: Record<string, ScheduleOverride>): Promise<void> {
    this.metrics.dispose();
    this.metrics = new MetricsService({ logger: this.logger, clock: this.clock });
    this.service = new JobService({
      db: this.db,
      clock: this.clock,
      logger: this.logger,
      metrics: this.metrics.host,
      timezone: this.timezone,
      correlationId: () => 'c1',
      enter: (scope, fn) => {
        this.scopes.push(scope);
        return fn();
      },
      onEvent: (event) => this.events.push(event),
      redact: (text) => text.replaceAll('hunter2', '***'),
    });
    await this.service.start();
    await this.service.warmUp();
    this.plugin = this.forPlugin(schedules);
  }

  forPlugin(schedules?: Record<string, ScheduleOverride>): PluginJobs {
    return this.service.forPlugin('p', {
      logger: this.logger,
      signal: new AbortController().signal,
      schedules,
    });
  }

  /** Defines a job `job` and arms the plugin. */
  async define<S extends z.ZodType, Result>(spec: Omit<JobSpec<S, Result>, 'name'>): Promise<void> {
    this.plugin.define({ ...spec, name: 'job' });
    await this.plugin.arm();
  }

  /** Runs `p/job` as a person would. */
  async run(input?: unknown): Promise<string> {
    const { runId } = await this.service.run('p/job', input, { trigger: 'api' });
    return runId;
  }

  /** Runs `p/job` to its end. */
  async result(input?: unknown): Promise<RunRecord> {
    return this.service.settled(await this.run(input));
  }

  /** Every run, oldest first. */
  async all(): Promise<RunRecord[]> {
    return (await this.service.runs.list({ limit: 200 })).items.reverse();
  }

  /** `trigger outcome scheduledFor` of every run, oldest first. */
  async story(): Promise<string[]> {
    return (await this.all()).map((run) =>
      [run.trigger, run.outcome ?? run.state, run.scheduledFor?.slice(5, 16)].filter(Boolean).join(' '),
    );
  }

  /** Lets everything that is due now happen. */
  settle(): Promise<void> {
    return this.clock.advance(0);
  }

  async close(): Promise<void> {
    await this.service.stop(1000);
    this.metrics.dispose();
    await this.db.destroy();
  }
}
