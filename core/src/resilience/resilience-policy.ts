import {
  type Budget,
  type CircuitState,
  type Clock,
  type ExecuteOptions,
  isAtollError,
  type Logger,
  type Policy,
  type PolicyCall,
  type PolicyOptions,
} from '@atoll/sdk';
import { runAttempt } from './attempt.js';
import { Bulkhead } from './bulkhead.js';
import { Circuit } from './circuit.js';
import { errorCode, isRateLimit, neverSent } from './failure.js';
import type { LiveCalls } from './live-calls.js';
import type { CallOutcome, PolicyRecorder } from './policy-metrics.js';
import { type CircuitDefaults, defaultTimeoutMs } from './policy-options.js';
import { bulkheadFullError, circuitOpenError } from './policy-refusals.js';
import type { PolicyState } from './policy-state.js';
import { ResponseCache } from './response-cache.js';
import { RetryPlan } from './retry-plan.js';

/** What a caller inside the host may say of one call, besides what the SDK offers. */
export interface CallOptions extends ExecuteOptions {
  /** Whether this call may be repeated after `error`; the policy's own `when` has to agree. */
  mayRepeat?: (error: unknown) => boolean;
  /** Instead of the policy's. */
  timeoutMs?: number;
}

export interface ResiliencePolicyDeps {
  plugin: string;
  clock: Clock;
  logger: Logger;
  calls: LiveCalls;
  circuit: CircuitDefaults;
  random: () => number;
  /** Makes the error of an attempt that took too long. */
  timedOut: (timeoutMs: number) => Error;
  /** Bytes an answer takes in the cache. */
  weigh: (value: unknown) => number;
}

/** Calls under one policy, outermost first: cache, budget, retry, circuit, bulkhead, timeout. */
export class ResiliencePolicy implements Policy {
  readonly name: string;
  readonly #deps: ResiliencePolicyDeps;
  readonly #timeoutMs: number | false;
  readonly #budget: Budget | undefined;
  readonly #retry: RetryPlan | undefined;
  readonly #circuit: Circuit | undefined;
  readonly #bulkhead: Bulkhead | undefined;
  readonly #cache: ResponseCache | undefined;
  readonly #counts = { succeeded: 0, failed: 0, retried: 0 };
  #recorder: PolicyRecorder | undefined;
  #lastError: PolicyState['lastError'] = null;

  constructor(name: string, options: PolicyOptions, deps: ResiliencePolicyDeps) {
    const { retry = {}, circuit = {}, bulkhead, cache } = options;
    this.name = name;
    this.#deps = deps;
    this.#timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    this.#budget = options.budget;
    this.#retry = retry === false ? undefined : new RetryPlan(retry, deps.random);
    this.#circuit =
      circuit === false
        ? undefined
        : new Circuit(
            { ...deps.circuit, ...circuit },
            { clock: deps.clock, onChange: (state, failures) => this.#circuitChanged(state, failures) },
          );
    this.#bulkhead = bulkhead && new Bulkhead(bulkhead);
    this.#cache =
      cache &&
      new ResponseCache(cache, {
        clock: deps.clock,
        weigh: deps.weigh,
        cancelled: (reason) => deps.calls.cancelled(name, reason),
        onLookup: (result) => this.#recorder?.lookedUp(result),
      });
  }

  get circuit(): CircuitState {
    return this.#circuit?.state ?? 'closed';
  }

  get bulkhead(): PolicyState['bulkhead'] {
    return this.#bulkhead ? { running: this.#bulkhead.running, queued: this.#bulkhead.queued } : null;
  }

  get cache(): PolicyState['cache'] {
    return this.#cache?.statistics ?? null;
  }

  /** Tells `recorder` of everything from now on; undefined to stop. */
  record(recorder: PolicyRecorder | undefined): void {
    this.#recorder = recorder;
  }

  async execute<T>(call: (context: PolicyCall) => Promise<T>, options: CallOptions = {}): Promise<T> {
    const { key, signal } = options;
    if (key === undefined || !this.#cache) return this.#guarded(call, options, signal);
    return this.#cache.get(key, signal, (shared) => this.#guarded(call, options, shared));
  }

  invalidate(key?: string): void {
    this.#cache?.invalidate(key);
  }

  /** Closes the circuit. */
  reset(): void {
    this.#circuit?.reset();
  }

  state(): PolicyState {
    return {
      plugin: this.#deps.plugin,
      name: this.name,
      circuit: this.circuit,
      failures: this.#circuit?.failures ?? 0,
      openedAt: iso(this.#circuit?.openedAt),
      nextProbeAt: iso(this.#circuit?.nextProbeAt),
      bulkhead: this.bulkhead,
      cache: this.cache,
      calls: { ...this.#counts },
      lastError: this.#lastError,
    };
  }

  /** One call as the statistics know it: past the cache, with its budget, all its attempts and one outcome. */
  async #guarded<T>(
    call: (context: PolicyCall) => Promise<T>,
    options: CallOptions,
    outer: AbortSignal | undefined,
  ): Promise<T> {
    const { clock, calls } = this.#deps;
    const live = calls.begin(this.name, outer);
    const startedAt = clock.monotonic();
    try {
      const value = await this.#budgeted(call, options, live.signal);
      this.#ended('succeeded', startedAt);
      return value;
    } catch (error) {
      this.#noteError(error);
      this.#ended(outcomeOf(error), startedAt);
      throw error;
    } finally {
      live.end();
    }
  }

  async #budgeted<T>(
    call: (context: PolicyCall) => Promise<T>,
    options: CallOptions,
    signal: AbortSignal,
  ): Promise<T> {
    const progress = { reached: false };
    signal.throwIfAborted();
    const reservation = await this.#budget?.take();
    try {
      return await this.#attempts(call, options, signal, progress);
    } catch (error) {
      if (reservation && (isRateLimit(error) || !progress.reached)) {
        await reservation.refund().catch((problem: unknown) => {
          this.#deps.logger.warn({ err: problem, service: this.name }, 'a budget was not given back');
        });
      }
      throw error;
    }
  }

  async #attempts<T>(
    call: (context: PolicyCall) => Promise<T>,
    options: CallOptions,
    signal: AbortSignal,
    progress: { reached: boolean },
  ): Promise<T> {
    const course = this.#retry?.course(options.mayRepeat);
    let failure: unknown;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#protected(call, options, signal, attempt, progress);
      } catch (error) {
        // That the circuit is open by now says less than the failure that opened it.
        if (attempt > 1 && isAtollError(error, 'circuit_open')) throw failure;
        failure = error;
        const delayMs = course?.delayAfter(error, attempt);
        if (delayMs === undefined || signal.aborted) throw error;
        if (this.#circuit && this.#circuit.waitMs > delayMs) throw error;
        this.#counts.retried += 1;
        this.#recorder?.retried();
        this.#deps.logger.debug(
          { service: this.name, attempt, delayMs: Math.round(delayMs), code: errorCode(error) },
          'tries again',
        );
        await this.#deps.clock.sleep(delayMs, signal);
      }
    }
  }

  #protected<T>(
    call: (context: PolicyCall) => Promise<T>,
    options: CallOptions,
    signal: AbortSignal,
    attempt: number,
    progress: { reached: boolean },
  ): Promise<T> {
    const { plugin, clock, timedOut } = this.#deps;
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const timed = async (): Promise<T> => {
      signal.throwIfAborted();
      try {
        const value = await runAttempt(call, { clock, signal, attempt, timeoutMs, timedOut });
        progress.reached = true;
        return value;
      } catch (error) {
        progress.reached ||= !neverSent(error);
        throw error;
      }
    };
    const bulkhead = this.#bulkhead;
    const limited = bulkhead
      ? () => bulkhead.run(timed, signal, () => bulkheadFullError(plugin, this.name, bulkhead))
      : timed;
    const circuit = this.#circuit;
    return circuit
      ? circuit.run(limited, () => circuitOpenError(plugin, this.name, circuit, clock.now()))
      : limited();
  }

  #circuitChanged(state: 'closed' | 'open', failures: number): void {
    const fields = { service: this.name, failures };
    if (state === 'closed') this.#deps.logger.info(fields, `"${this.name}" is back, its circuit is closed`);
    else this.#deps.logger.warn(fields, `"${this.name}" keeps failing, its circuit is open`);
  }

  #noteError(error: unknown): void {
    if (isAtollError(error, 'cancelled')) return;
    this.#lastError = {
      code: errorCode(error) ?? null,
      message: error instanceof Error ? error.message : String(error),
      at: new Date(this.#deps.clock.now()).toISOString(),
    };
  }

  #ended(outcome: CallOutcome, startedAt: number): void {
    if (outcome === 'succeeded') this.#counts.succeeded += 1;
    else if (outcome !== 'cancelled') this.#counts.failed += 1;
    this.#recorder?.ended(outcome, (this.#deps.clock.monotonic() - startedAt) / 1000);
  }
}

const outcomes: Record<string, CallOutcome> = {
  cancelled: 'cancelled',
  timed_out: 'timed_out',
  upstream_timeout: 'timed_out',
  upstream_rate_limited: 'rate_limited',
  circuit_open: 'rejected',
  bulkhead_full: 'rejected',
  budget_exhausted: 'rejected',
};

function outcomeOf(error: unknown): CallOutcome {
  return (isAtollError(error) ? outcomes[error.code] : undefined) ?? 'failed';
}

function iso(time: number | null | undefined): string | null {
  return time == null ? null : new Date(time).toISOString();
}
