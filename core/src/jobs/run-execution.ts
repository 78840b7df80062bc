import type { Clock, Disposer, RunOutcome } from '@atoll/sdk';
import type { AttemptEnd } from './bree-engine.js';
import type { JobDefinition } from './job-definition.js';
import { encodeResult } from './job-json.js';
import { type RunError, toRunError } from './run-error.js';

/** How a run ended, decided once. */
export interface Verdict {
  outcome: RunOutcome;
  /** JSON, or null for nothing. */
  result: string | null;
  error: RunError | null;
}

interface ExecutionOptions {
  job: Pick<JobDefinition, 'id' | 'timeoutMs' | 'graceMs' | 'retries'>;
  clock: Clock;
  /** Performs one attempt; never rejects. */
  perform(attempt: number, signal: AbortSignal): Promise<AttemptEnd>;
  /** An attempt failed and another one follows after `waitMs`. */
  onRetry(attempt: number, error: RunError, waitMs: number): void;
}

const longestBackoffMs = 600_000;

/** The attempts of one run under its timeout. The first verdict wins, whatever happens afterwards. */
export class RunExecution {
  readonly #options: ExecutionOptions;
  readonly #abort = new AbortController();
  readonly #cutOff = Promise.withResolvers<void>();
  #cancelGrace: Disposer | undefined;
  #verdict: Verdict | undefined;
  #attempts = 0;
  #ended: Promise<void> = Promise.resolve();
  #working = false;

  constructor(options: ExecutionOptions) {
    this.#options = options;
  }

  /** Attempts that have begun. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Aborts when the run is decided from outside. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The job's code has begun and not ended. */
  get working(): boolean {
    return this.#working;
  }

  /** Resolves when the job's code has really ended, which may be long after the verdict. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Decides the run from outside and aborts it. False when it was decided before. */
  end(outcome: RunOutcome, error: RunError): boolean {
    if (!this.#decide({ outcome, result: null, error })) return false;
    this.#cancelGrace = this.#options.clock.setTimeout(() => this.giveUp(), this.#options.job.graceMs);
    this.#abort.abort(Object.assign(new Error(error.message), { name: 'AbortError' }));
    return true;
  }

  /** Waits no longer for the job's code to end. */
  giveUp(): void {
    this.#cutOff.resolve();
  }

  /** Runs to the verdict: until the job has ended, or its grace has passed. Never rejects. */
  async run(): Promise<Verdict> {
    const { clock, job } = this.#options;
    const cancelTimeout = clock.setTimeout(
      () =>
        this.end('timed_out', {
          code: 'timed_out',
          message: `${job.id} did not end within ${job.timeoutMs} ms`,
          hint: null,
        }),
      job.timeoutMs,
    );
    this.#working = true;
    this.#ended = this.#attemptAll().finally(() => {
      this.#working = false;
    });
    await Promise.race([this.#ended, this.#cutOff.promise]);
    void cancelTimeout();
    void this.#cancelGrace?.();
    return this.#verdict ?? { outcome: 'crashed', result: null, error: null };
  }

  async #attemptAll(): Promise<void> {
    const { perform, job, clock, onRetry } = this.#options;
    const { signal } = this.#abort;
    while (!signal.aborted) {
      this.#attempts++;
      const end = await perform(this.#attempts, signal);
      if (signal.aborted) return;
      if (end.ok) return void this.#decide(judge(job.id, end.value));
      const error = toRunError(end.error);
      if (this.#attempts > job.retries.attempts) {
        this.#decide({ outcome: end.crashed ? 'crashed' : 'failed', result: null, error });
        return;
      }
      const waitMs = backoff(job.retries.backoffMs, this.#attempts);
      onRetry(this.#attempts, error, waitMs);
      await clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  #decide(verdict: Verdict): boolean {
    if (this.#verdict) return false;
    this.#verdict = verdict;
    return true;
  }
}

/** Milliseconds before the attempt that follows `attempt`: doubled each time, at most ten minutes. */
function backoff(first: number, attempt: number): number {
  return Math.max(first, Math.min(first * 2 ** (attempt - 1), longestBackoffMs));
}

/** A result that cannot be kept fails the run, but not by another attempt: the work is done. */
function judge(job: string, value: unknown): Verdict {
  try {
    return { outcome: 'succeeded', result: encodeResult(job, value), error: null };
  } catch (error) {
    return { outcome: 'failed', result: null, error: toRunError(error) };
  }
}
