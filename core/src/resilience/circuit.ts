import type { AtollError, CircuitOptions, CircuitState, Clock } from '@atoll/sdk';
import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  CircuitState as Engine,
  handleWhen,
  type IBackoff,
  type IHalfOpenAfterBackoffContext,
} from 'cockatiel';
import { isInconclusive, isUpstreamFailure } from './failure.js';

/** What one finished call says about the upstream. */
type Verdict = 'failed' | 'alive' | 'inconclusive';

/** An error on its way through cockatiel, with what it is to do there. */
class Judged {
  constructor(
    readonly error: unknown,
    readonly verdict: Verdict,
    readonly probe: boolean,
  ) {}
}

export interface CircuitEvents {
  /** The circuit opened or closed; not called for the half-open state in between. */
  onChange(state: 'closed' | 'open', failures: number): void;
}

/**
 * A circuit breaker: cockatiel's state machine on our clock. cockatiel reads `Date.now()`, which tests cannot move
 * and NTP can; its back-off interface lets us answer "is it time to probe" from the monotonic clock instead.
 */
export class Circuit {
  readonly #clock: Clock;
  readonly #threshold: number;
  readonly #resetMs: number;
  readonly #when: (error: unknown) => boolean;
  readonly #events: CircuitEvents;
  #counter!: ConsecutiveBreaker;
  #engine!: CircuitBreakerPolicy;
  /** Which run of the closed or open state we are in; a call's verdict is void once it has changed. */
  #era = 0;
  #openedAt: number | null = null;
  #probeDue = 0;
  /** Failures that hold it open. cockatiel's counter is no good here: a late success of an earlier call clears it. */
  #failures = 0;
  #lastFailure: unknown;

  constructor(
    options: Required<Omit<CircuitOptions, 'when'>> & Pick<CircuitOptions, 'when'>,
    deps: CircuitEvents & { clock: Clock },
  ) {
    this.#clock = deps.clock;
    this.#events = deps;
    this.#threshold = options.threshold;
    this.#resetMs = options.resetMs;
    this.#when = options.when ?? isUpstreamFailure;
    this.#renew();
  }

  get state(): CircuitState {
    if (this.#engine.state === Engine.Closed) return 'closed';
    if (this.#engine.state === Engine.HalfOpen) return 'half-open';
    return this.waitMs > 0 ? 'open' : 'half-open';
  }

  /** Failures in a row, those of probes included. */
  get failures(): number {
    return this.#openedAt === null ? this.#counter.state : this.#failures;
  }

  /** When it opened, in milliseconds since the epoch; null while closed. */
  get openedAt(): number | null {
    return this.#openedAt;
  }

  /** When the next call may probe, in milliseconds since the epoch; null while closed. */
  get nextProbeAt(): number | null {
    return this.#openedAt === null ? null : this.#clock.now() + this.waitMs;
  }

  /** Milliseconds until a call may pass; 0 when one may. */
  get waitMs(): number {
    return this.#openedAt === null ? 0 : Math.max(0, this.#probeDue - this.#clock.monotonic());
  }

  /** The failure that counted last. */
  get lastFailure(): unknown {
    return this.#lastFailure;
  }

  /**
   * Runs `call` if the circuit lets it pass; else rejects with what `refusal` makes. While a probe is under way
   * every other call is refused at once, where cockatiel would let it wait for the probe, deaf to its own abort.
   */
  async run<T>(call: () => Promise<T>, refusal: () => AtollError): Promise<T> {
    if (this.#engine.state === Engine.HalfOpen || this.waitMs > 0) throw refusal();
    const engine = this.#engine;
    const probe = engine.state === Engine.Open;
    const era = probe ? ++this.#era : this.#era;
    try {
      return await engine.execute(async () => {
        try {
          return await call();
        } catch (error) {
          throw new Judged(error, this.#judge(error, era), probe);
        }
      });
    } catch (thrown) {
      throw thrown instanceof Judged ? thrown.error : thrown;
    }
  }

  /** Closes the circuit and forgets all failures; calls under way no longer count. */
  reset(): void {
    const closed = this.#openedAt === null;
    this.#renew();
    if (!closed) this.#events.onChange('closed', 0);
  }

  #judge(error: unknown, era: number): Verdict {
    if (era !== this.#era || isInconclusive(error)) return 'inconclusive';
    if (this.#when(error)) {
      this.#lastFailure = error;
      return 'failed';
    }
    // cockatiel leaves the count alone for an error it does not handle, but an answer is an answer: with it, the
    // failures are no longer in a row.
    this.#counter.success();
    return 'alive';
  }

  #renew(): void {
    this.#era += 1;
    this.#openedAt = null;
    this.#lastFailure = undefined;
    this.#counter = new ConsecutiveBreaker(this.#threshold);
    const engine = circuitBreaker(
      // A probe without a verdict must not count as a success, which is what cockatiel takes unhandled errors for.
      handleWhen(
        (thrown) =>
          thrown instanceof Judged &&
          (thrown.verdict === 'failed' || (thrown.verdict === 'inconclusive' && thrown.probe)),
      ),
      { breaker: this.#counter, halfOpenAfter: { next: (context) => this.#opened(engine, context) } },
    );
    engine.onStateChange((state) => {
      if (engine !== this.#engine) return;
      if (state === Engine.Closed) {
        this.#era += 1;
        this.#openedAt = null;
        this.#events.onChange('closed', 0);
      }
    });
    this.#engine = engine;
  }

  /** cockatiel asks for this when it opens: a call may probe once `duration` is below the time that has passed. */
  #opened(
    engine: CircuitBreakerPolicy,
    context: IHalfOpenAfterBackoffContext,
  ): IBackoff<IHalfOpenAfterBackoffContext> {
    const clock = this.#clock;
    const thrown = 'error' in context.result ? context.result.error : undefined;
    const inconclusive = thrown instanceof Judged && thrown.verdict === 'inconclusive';
    const due = clock.monotonic() + (inconclusive ? 0 : this.#resetMs);
    // A probe that was under way during a reset reports to an engine that is no longer ours.
    if (engine === this.#engine) {
      this.#era += 1;
      this.#probeDue = due;
      if (!inconclusive) {
        this.#failures = this.#openedAt === null ? this.#counter.state : this.#failures + 1;
        this.#openedAt = clock.now();
        this.#events.onChange('open', this.#failures);
      }
    }
    return {
      get duration() {
        return clock.monotonic() >= due ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      },
      next: (further) => this.#opened(engine, further),
    };
  }
}
