import type { Clock, Health, HealthCheckOptions, HealthResult, HealthStatus } from '@atoll/sdk';
import { enterScope } from '../scope/execution-scope.js';

/** What a check last said. */
export interface CheckState {
  status: HealthStatus;
  message: string | null;
  /** When it took on this status, milliseconds since the epoch. */
  since: number;
}

export type CheckFunction = Parameters<Health['check']>[1];

export interface HealthCheckSpec {
  /** Full name, `<plugin>/<check>` for a plugin's. */
  name: string;
  plugin: string | null;
  check: CheckFunction;
  options: HealthCheckOptions;
  clock: Clock;
  redact: (text: string) => string;
  /** Called when the status has changed; `before` is null at the first result. */
  onChange: (check: HealthCheck, state: CheckState, before: HealthStatus | null) => void;
}

const defaultIntervalMs = 30_000;
const defaultTimeoutMs = 10_000;
const statuses: readonly string[] = ['healthy', 'degraded', 'unhealthy'] satisfies HealthStatus[];

/** One check with its last result, which is good for the check's interval. It never runs twice at a time. */
export class HealthCheck {
  readonly name: string;
  readonly plugin: string | null;
  readonly critical: boolean;
  readonly #spec: HealthCheckSpec;
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  readonly #stop = new AbortController();
  #state: CheckState | undefined;
  #checkedAt = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;
  /** Set while a call that timed out has still not ended. */
  #overdueSince: number | undefined;

  constructor(spec: HealthCheckSpec) {
    this.name = spec.name;
    this.plugin = spec.plugin;
    this.critical = spec.options.critical ?? false;
    this.#spec = spec;
    this.#intervalMs = spec.options.intervalMs ?? defaultIntervalMs;
    this.#timeoutMs = spec.options.timeoutMs ?? defaultTimeoutMs;
  }

  /** The last result; undefined before the first. */
  get state(): CheckState | undefined {
    return this.#state;
  }

  /** Runs the check unless its last result is still good; callers at the same time share one run. */
  async refresh(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    if (this.#spec.clock.monotonic() - this.#checkedAt < this.#intervalMs) return;
    this.#refreshing ??= this.#run().finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  /** Aborts a run under way; what it still says is not heard. */
  dispose(): void {
    this.#stop.abort(new Error(`the health check "${this.name}" is gone`));
  }

  async #run(): Promise<void> {
    const result =
      this.#overdueSince === undefined ? await this.#ask() : this.#stillOverdue(this.#overdueSince);
    if (this.#stop.signal.aborted) return;
    this.#checkedAt = this.#spec.clock.monotonic();
    const before = this.#state?.status ?? null;
    const changed = before !== result.status;
    this.#state = {
      status: result.status,
      message: result.message === undefined ? null : this.#spec.redact(String(result.message)),
      since: changed || !this.#state ? this.#spec.clock.now() : this.#state.since,
    };
    if (changed) this.#spec.onChange(this, this.#state, before);
  }

  async #ask(): Promise<HealthResult> {
    const { clock, plugin, check } = this.#spec;
    const attempt = new AbortController();
    const given = Promise.withResolvers<HealthResult>();
    const cancelTimeout = clock.setTimeout(() => {
      this.#overdueSince = clock.monotonic() - this.#timeoutMs;
      attempt.abort(new Error('the health check took too long'));
      given.resolve({ status: 'unhealthy', message: `no answer within ${seconds(this.#timeoutMs)}` });
    }, this.#timeoutMs);
    const onStop = (): void => {
      attempt.abort(this.#stop.signal.reason);
      given.resolve({ status: 'unhealthy' });
    };
    this.#stop.signal.addEventListener('abort', onStop, { once: true });
    const call = async (): Promise<HealthResult> => check(attempt.signal);
    void enterScope({ plugin: plugin ?? undefined }, call)
      .then(checkedResult, failedResult)
      .then((result) => {
        this.#overdueSince = undefined;
        given.resolve(result);
      });
    try {
      return await given.promise;
    } finally {
      void cancelTimeout();
      this.#stop.signal.removeEventListener('abort', onStop);
    }
  }

  /** Asking again what has not answered would only pile up calls. */
  #stillOverdue(since: number): HealthResult {
    const waited = seconds(this.#spec.clock.monotonic() - since);
    return { status: 'unhealthy', message: `no answer for ${waited}; the check ignores its signal` };
  }
}

function checkedResult(result: HealthResult): HealthResult {
  if (statuses.includes(result?.status)) return result;
  const shown = JSON.stringify(result) ?? 'nothing';
  return {
    status: 'unhealthy',
    message: `the check answered ${shown} instead of { status: ${statuses.join(' | ')} }`,
  };
}

function failedResult(error: unknown): HealthResult {
  return { status: 'unhealthy', message: error instanceof Error ? error.message : String(error) };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
