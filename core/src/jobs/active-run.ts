import { AtollError, type RunContext, type RunRecord } from '@atoll/sdk';
import type { JobDefinition } from './job-definition.js';
import type { JobHost } from './job-host.js';
import { parseInput } from './job-input.js';
import { type RunError, toRunError } from './run-error.js';
import { RunExecution, type Verdict } from './run-execution.js';
import { teeLogger } from './run-logger.js';
import type { RunRow } from './run-record.js';
import { RunReport } from './run-report.js';
import { repetition } from './run-store.js';

const longestWriteWaitMs = 30_000;

/** One run from its start to its end on disk. */
export class ActiveRun {
  readonly id: string;
  /** Id of its job. */
  readonly job: string;
  readonly execution: RunExecution;
  readonly #definition: JobDefinition;
  readonly #host: JobHost;
  #report: RunReport | undefined;
  #input: unknown;

  constructor(host: JobHost, job: JobDefinition, id: string) {
    this.#host = host;
    this.#definition = job;
    this.id = id;
    this.job = job.id;
    this.execution = new RunExecution({
      job,
      clock: host.clock,
      perform: async (attempt, signal) => {
        if (this.#report) this.#report.row.attempts = attempt;
        try {
          const engine = await host.engine();
          return await engine.execute(job.id, (abort) => this.#perform(attempt, abort), signal);
        } catch (error) {
          // The engine itself failed, for example because its files were replaced under the running host.
          return { ok: false, crashed: true, error };
        }
      },
      onRetry: (attempt, error, waitMs) =>
        this.#log('warn', `attempt ${attempt} failed: ${error.message}; the next one comes in ${waitMs} ms`),
    });
  }

  /** The run as it stands; undefined before it has started. */
  get record(): RunRecord | undefined {
    return this.#report?.record;
  }

  /** The log so far. */
  get log(): string {
    return this.#report?.log.toString() ?? '';
  }

  /** Runs what is on record as `row`, running, to its end. True when that is on disk. Never rejects. */
  async conduct(row: RunRow): Promise<boolean> {
    const { clock, store, logger, redact, emit, metrics } = this.#host;
    const report = new RunReport({ row, clock, store, logger, redact, emit });
    this.#report = report;
    const began = clock.monotonic();
    metrics.began(
      row.job,
      row.trigger === 'schedule' ? (row.started_at ?? 0) - (row.scheduled_for ?? 0) : null,
    );
    emit({ type: 'started', run: report.record });
    const verdict = await this.#judge(row);
    this.#conclude(verdict, report);
    const stored = await this.#store(verdict, report);
    metrics.finished(row.job, verdict.outcome, clock.monotonic() - began);
    void this.execution.ended.then(() => metrics.left(row.job));
    return stored;
  }

  async #judge(row: RunRow): Promise<Verdict> {
    try {
      // Parsed here and not kept from when it was accepted: that may have been before a restart, or an update.
      this.#input = await parseInput(row.job, this.#definition.input, JSON.parse(row.input));
    } catch (error) {
      return { outcome: 'failed', result: null, error: toRunError(error) };
    }
    return this.execution.run();
  }

  #perform(attempt: number, signal: AbortSignal): unknown {
    const { id, logger } = this.#definition;
    const report = this.#report;
    if (!report) throw new AtollError('internal', 'a run performs before it started');
    const { trigger, scheduled_for: scheduledFor } = report.row;
    const context: RunContext<unknown> = {
      id: this.id,
      input: this.#input,
      logger: teeLogger(logger.child({ job: id, run: this.id }), (level, message, fields) =>
        report.line(level, message, fields),
      ),
      signal,
      trigger,
      scheduledFor: scheduledFor === null ? null : new Date(scheduledFor),
      attempt,
      progress: (value, phase, message) => report.progress(value, phase, message),
    };
    return this.#enter(() => this.#definition.run(context));
  }

  /** Puts the verdict into the record and closes it to what an abandoned job may still say. */
  #conclude({ outcome, result, error }: Verdict, report: RunReport): void {
    const { redact, clock } = this.#host;
    const kept: RunError | null = error && {
      ...error,
      message: redact(error.message),
      hint: error.hint && redact(error.hint),
    };
    if (outcome === 'succeeded') {
      report.row.progress_value = 1;
      this.#enter(() => this.#definition.logger.debug(`${this.#definition.id} succeeded`));
    } else {
      const level = outcome === 'cancelled' || outcome === 'interrupted' ? 'info' : 'error';
      this.#log(level, `${outcome.replace('_', ' ')}: ${kept?.message ?? 'no reason was given'}`);
    }
    report.close();
    Object.assign(report.row, {
      attempts: this.execution.attempts,
      state: 'finished',
      outcome,
      result,
      error_code: kept?.code ?? null,
      error_message: kept?.message ?? null,
      error_hint: kept?.hint ?? null,
      finished_at: clock.now(),
    });
  }

  /** A verdict that cannot be stored is tried again, the run keeping its place, until the host stops. */
  async #store(verdict: Verdict, report: RunReport): Promise<boolean> {
    const { store, clock, logger, active, stopped, ids, runners } = this.#host;
    const { row } = report;
    // What never began is no cut-off run but a promise still to keep.
    const again =
      verdict.outcome === 'interrupted' && (row.retry_on_interrupt === 1 || this.execution.attempts === 0);
    const next = again ? repetition(row, ids.next(clock.now()), clock.now(), row.crashes) : undefined;
    for (let waitMs = 1000; ; waitMs = Math.min(waitMs * 2, longestWriteWaitMs)) {
      try {
        await store.finish(row, report.log.toString(), next);
        active.unsaved.delete(this.id);
        if (next) runners.get(row.job)?.enqueue({ id: next.id, trigger: next.trigger });
        return true;
      } catch (error) {
        active.unsaved.add(this.id);
        logger.error(
          { err: error, job: row.job, run: this.id },
          `the end of ${row.job} could not be stored; trying again`,
        );
        await clock.sleep(waitMs, stopped).catch(() => undefined);
        if (stopped.aborted) return false;
      }
    }
  }

  #log(level: 'info' | 'warn' | 'error', message: string): void {
    this.#enter(() => this.#definition.logger[level](message));
    this.#report?.line(level, message, {});
  }

  /** On behalf of the run: log lines are joined to it, and to what asked for it. */
  #enter<T>(fn: () => T): T {
    const { plugin, id: job } = this.#definition;
    const correlationId = this.#report?.row.correlation_id ?? undefined;
    return this.#host.enter({ plugin, job, run: this.id, correlationId }, fn);
  }
}
