import { AtollError, type Disposer, type JobSpec, type Jobs, type Logger, type z } from '@atoll/sdk';
import { defineJob } from './job-definition.js';
import type { JobHost } from './job-host.js';
import { JobRunner } from './job-runner.js';
import type { ScheduleOverride } from './schedule.js';

export interface PluginJobsOptions {
  logger: Logger;
  /** Aborts when the plugin stops. */
  signal: AbortSignal;
  /** The config's `plugins.<id>.schedules`, by job name. */
  schedules?: Readonly<Record<string, ScheduleOverride>>;
  /** Default true. False: schedules do not fire and queued runs wait for another day, as a single command wants it. */
  fires?: boolean;
}

/** The jobs of one plugin. They are accepted from their definition on, and run once armed. */
export class PluginJobs implements Jobs {
  readonly #host: JobHost;
  readonly #plugin: string;
  readonly #options: PluginJobsOptions;
  readonly #onDispose: () => void;
  readonly #runners = new Map<string, JobRunner>();
  #armed = false;
  readonly #onStop = (): void => void this.disarm();

  constructor(host: JobHost, plugin: string, options: PluginJobsOptions, onDispose: () => void) {
    this.#host = host;
    this.#onDispose = onDispose;
    this.#plugin = plugin;
    this.#options = options;
    options.signal.addEventListener('abort', this.#onStop);
  }

  /** Throws `conflict` for a name that is taken, `plugin_failed` and ConfigError for a spec that is wrong. */
  define<S extends z.ZodType, Result>(spec: JobSpec<S, Result>): Disposer {
    const { logger, schedules } = this.#options;
    const job = defineJob(spec, {
      plugin: this.#plugin,
      logger,
      timezone: this.#host.timezone,
      override: schedules?.[spec.name],
    });
    if (this.#host.runners.has(job.id))
      throw new AtollError('conflict', `job ${job.id} is defined twice`, {
        plugin: this.#plugin,
        hint: 'Give each job of a plugin a name of its own.',
      });
    const runner = new JobRunner(this.#host, job, this.#options.fires ?? true);
    this.#runners.set(spec.name, runner);
    this.#host.runners.set(job.id, runner);
    if (this.#armed)
      runner
        .arm()
        .catch((error: unknown) => logger.error({ err: error, job: job.id }, `${job.id} could not be armed`));
    return () => this.#remove(spec.name, runner, `job ${job.id} was removed`);
  }

  async run(name: string, input?: unknown): Promise<{ runId: string }> {
    const accepted = await this.#find(name).accept({ trigger: 'manual', input });
    if (!accepted) throw new AtollError('internal', `a run of ${name} was taken for a firing`);
    return accepted;
  }

  next(name: string, count = 1): Date[] {
    return this.#find(name)
      .schedule.next(count)
      .map((ms) => new Date(ms));
  }

  /** The names of the defined jobs, in order of definition. */
  names(): string[] {
    return [...this.#runners.keys()];
  }

  /** Lets the jobs run: schedules fire, and what was queued begins. */
  async arm(): Promise<void> {
    this.#warnOfUnknownSchedules();
    this.#armed = true;
    await Promise.all([...this.#runners.values()].map((runner) => runner.arm()));
  }

  /** No more firings; runs under way are aborted. Resolves when they have ended or their grace has passed. */
  async disarm(): Promise<void> {
    this.#armed = false;
    const reason = `plugin ${this.#plugin} stopped while the run was under way`;
    await Promise.all([...this.#runners.values()].map((runner) => runner.disarm(reason)));
  }

  /** Disarms and removes every job. Queued runs stay on record until the plugin comes back. */
  async dispose(): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#onStop);
    await this.disarm();
    for (const [name, runner] of this.#runners) await this.#remove(name, runner, 'removed');
    this.#onDispose();
  }

  async #remove(name: string, runner: JobRunner, reason: string): Promise<void> {
    if (this.#runners.get(name) !== runner) return;
    this.#runners.delete(name);
    this.#host.runners.delete(runner.job.id);
    await runner.disarm(reason);
    await this.#host.forget(runner.job.id);
  }

  #find(name: string): JobRunner {
    const runner = this.#runners.get(name);
    if (runner) return runner;
    throw new AtollError('job_unknown', `plugin ${this.#plugin} has no job "${name}"`, {
      plugin: this.#plugin,
      hint: `Its jobs are: ${this.names().join(', ') || 'none'}.`,
    });
  }

  #warnOfUnknownSchedules(): void {
    for (const name of Object.keys(this.#options.schedules ?? {}))
      if (!this.#runners.has(name))
        this.#options.logger.warn(
          `schedules.${name} in the config names no job of ${this.#plugin}; its jobs are: ${this.names().join(', ') || 'none'}`,
        );
  }
}
