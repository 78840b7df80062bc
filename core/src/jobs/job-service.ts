import { AsyncLocalStorage } from 'node:async_hooks';
import {
  AtollError,
  type Clock,
  type HealthResult,
  type Logger,
  type Metrics,
  type RunRecord,
  type RunTrigger,
} from '@atoll/sdk';
import type { Kysely } from 'kysely';
import { TimeOrderedIds } from '../ids/time-ordered-ids.js';
import { ActiveRuns } from './active-runs.js';
import type { BreeEngine } from './bree-engine.js';
import type { JobEvent } from './job-events.js';
import type { EnterScope, JobHost } from './job-host.js';
import { JobMetrics } from './job-metrics.js';
import type { JobRunner } from './job-runner.js';
import { JobStateStore } from './job-state-store.js';
import { type JobSummary, summarize } from './job-summary.js';
import type { JobTables } from './job-tables.js';
import { PluginJobs, type PluginJobsOptions } from './plugin-jobs.js';
import { RunRetention } from './run-retention.js';
import { RunStore } from './run-store.js';
import { Runs } from './runs.js';
import { Scheduler } from './scheduler.js';
import { SettledRuns } from './settled-runs.js';

interface JobServiceOptions {
  /** The host's database, migrated with `jobMigrations`. */
  db: Kysely<JobTables>;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** IANA name, for cron expressions without a zone of their own. */
  timezone: string;
  /** Runs plugin code on behalf of a plugin, a job and a run. */
  enter: EnterScope;
  /** What the log finds the work of this moment by: a run carries it on. Undefined outside of any. */
  correlationId(): string | undefined;
  /** Hears what happens to runs. */
  onEvent(event: JobEvent): void;
  /** Removes secrets from what a run's record and log keep. JSON has to stay JSON. */
  redact(text: string): string;
}

/** The jobs of all plugins: schedules, runs and their history. */
export class JobService {
  /** The runs of all jobs, past and present. */
  readonly runs: Runs;
  readonly #host: JobHost;
  readonly #plugins = new Set<PluginJobs>();
  readonly #stopped = new AbortController();
  #accepting = false;
  #engine: Promise<BreeEngine> | undefined;

  constructor({
    db,
    clock,
    logger,
    metrics,
    timezone,
    enter,
    correlationId,
    onEvent,
    redact,
  }: JobServiceOptions) {
    const leave = AsyncLocalStorage.snapshot();
    this.#host = {
      clock,
      logger,
      timezone,
      enter,
      correlationId,
      leave,
      emit: (event) => {
        try {
          onEvent(event);
        } catch (error) {
          logger.error({ err: error, run: event.run.id }, `the event "${event.type}" of a run was not taken`);
        }
      },
      redact,
      store: new RunStore(db),
      states: new JobStateStore(db),
      retention: new RunRetention(db, clock, logger),
      scheduler: new Scheduler(clock, logger, leave),
      metrics: new JobMetrics(metrics),
      ids: new TimeOrderedIds(),
      active: new ActiveRuns(),
      settled: new SettledRuns(),
      runners: new Map(),
      stopped: this.#stopped.signal,
      engine: () => (this.#engine ??= loadEngine(logger)),
      prepare: async (job) => (await this.#engine)?.prepare(job),
      forget: async (job) => (await this.#engine)?.forget(job),
      assertAccepting: () => this.#assertAccepting(),
    };
    this.runs = new Runs(this.#host);
  }

  /** Settles what the process before left behind. Runs are accepted from then on; jobs run once armed. */
  async start(): Promise<void> {
    const { store, ids, clock, retention, logger } = this.#host;
    const last = await store.lastId();
    if (last) ids.continueAfter(last);
    const interrupted = await store.interruptOrphans(ids, clock.now());
    if (interrupted > 0)
      logger.warn({ runs: interrupted }, `${interrupted} runs were cut off when the process ended`);
    retention.start();
    this.#accepting = true;
  }

  /**
   * Loads the engine now instead of at the first run. Loading takes real time, so whoever moves the clock by
   * hand calls it before.
   */
  async warmUp(): Promise<void> {
    await this.#host.engine();
  }

  /**
   * Accepts and fires nothing more, and ends what runs as `interrupted`. Resolves when that is on disk; what
   * has not ended after `deadlineMs` of real time is recorded without waiting for it.
   */
  async stop(deadlineMs: number): Promise<void> {
    this.#accepting = false;
    const disarmed = Promise.all([...this.#plugins].map((plugin) => plugin.disarm()));
    const deadline = setTimeout(() => {
      this.#stopped.abort();
      for (const run of this.#host.active.all()) run.execution.giveUp();
    }, deadlineMs);
    try {
      await disarmed;
      await this.#host.retention.stop();
    } finally {
      clearTimeout(deadline);
      this.#stopped.abort();
      this.#host.settled.close();
    }
  }

  /** The jobs of one plugin; it disposes of them when it stops. */
  forPlugin(plugin: string, options: PluginJobsOptions): PluginJobs {
    const jobs = new PluginJobs(this.#host, plugin, options, () => this.#plugins.delete(jobs));
    this.#plugins.add(jobs);
    return jobs;
  }

  /** Every defined job, by id. */
  async list(): Promise<JobSummary[]> {
    const ids = [...this.#host.runners.keys()].sort();
    return Promise.all(ids.map((id) => this.get(id)));
  }

  /** Throws `job_unknown`. */
  async get(id: string): Promise<JobSummary> {
    const runner = this.#find(id);
    return summarize(runner, this.#host.active.abandoned(id), await this.#host.store.last(id));
  }

  /**
   * Accepts a run; resolves when it is on disk.
   * Throws `job_unknown`, `bad_request`, `payload_too_large`, `job_refused` (409), `unavailable`.
   */
  async run(
    id: string,
    input: unknown,
    { trigger }: { trigger: Extract<RunTrigger, 'manual' | 'api' | 'cli' | 'event'> },
  ): Promise<{ runId: string }> {
    const accepted = await this.#find(id).accept({ trigger, input });
    if (!accepted) throw new AtollError('internal', `a run of ${id} was taken for a firing`);
    return accepted;
  }

  /** Stops the job's firings until `resume`, also across restarts. It can still be run by hand. */
  async pause(id: string): Promise<void> {
    await this.#find(id).schedule.pause();
  }

  /** Lets the job fire again; what it missed meanwhile is not made up for. */
  async resume(id: string): Promise<void> {
    await this.#find(id).schedule.resume();
  }

  /** Resolves when the run has ended. Throws `run_unknown`; rejects with `unavailable` when the host stops first. */
  async settled(runId: string): Promise<RunRecord> {
    const { settled, active } = this.#host;
    // Waited for before looking, so that a run that ends meanwhile is not missed.
    const end = settled.wait(runId);
    try {
      const run = await this.runs.get(runId);
      // One that has ended but still holds its place is about to be told of.
      if (run.state === 'finished' && !active.get(runId)) settled.settle(run);
    } catch (error) {
      settled.forget(runId, error);
    }
    return end;
  }

  /** Ids of the runs under way. */
  running(): string[] {
    return this.#host.active.all().map(({ id }) => id);
  }

  /** How the job engine is. */
  health(): HealthResult {
    const { active } = this.#host;
    if (active.unsaved.size > 0)
      return { status: 'unhealthy', message: `the end of ${active.unsaved.size} runs cannot be stored` };
    const abandoned = active.abandonedJobs();
    if (abandoned.length > 0)
      return { status: 'degraded', message: `${abandoned.join(', ')} ignores that its run was ended` };
    return { status: 'healthy' };
  }

  #assertAccepting(): void {
    if (this.#accepting) return;
    throw new AtollError('unavailable', 'no runs are accepted while the host starts or stops', {
      hint: 'Try again in a moment.',
    });
  }

  #find(id: string): JobRunner {
    const runner = this.#host.runners.get(id);
    if (runner) return runner;
    throw new AtollError('job_unknown', `there is no job ${id}`, {
      status: 404,
      hint: 'A job is there while its plugin runs; GET /api/v1/jobs lists them.',
    });
  }
}

async function loadEngine(logger: Logger): Promise<BreeEngine> {
  const { BreeEngine } = await import('./bree-engine.js');
  return new BreeEngine(logger);
}
