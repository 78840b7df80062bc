import type { RetryOptions } from '@atoll/sdk';
import { ExponentialBackoff, type GeneratorFn, type IBackoff, noJitterGenerator } from 'cockatiel';
import { isTransient, requestedDelay } from './failure.js';

const retryDefaults = { attempts: 3, initialDelayMs: 1000, maxDelayMs: 60_000 } as const;

/** A wait differs from its nominal length by up to this part, so that callers do not return in step. */
const jitter = 0.2;

/** Decides after each failed attempt of one call whether and when to try again. */
export interface RetryCourse {
  /** Milliseconds to wait before the next attempt; undefined to give up. */
  delayAfter(error: unknown, attempt: number): number | undefined;
}

/**
 * The retries of a policy. The delays are cockatiel's exponential back-off; its `RetryPolicy` is not used, because
 * it waits on the process's own timers: an injected clock could not drive it, and a wait would not end on cancel.
 */
export class RetryPlan {
  readonly #attempts: number;
  readonly #maxDelayMs: number;
  readonly #when: (error: unknown) => boolean;
  readonly #backoff: ExponentialBackoff<number>;

  /** @param random gives numbers from 0 to 1, for the jitter */
  constructor(options: RetryOptions, random: () => number) {
    const { attempts, initialDelayMs, maxDelayMs } = { ...retryDefaults, ...options };
    this.#attempts = attempts;
    this.#maxDelayMs = maxDelayMs;
    this.#when = options.when ?? isTransient;
    const generator: GeneratorFn<number> = (state, settings) => {
      const [delay, next] = noJitterGenerator(state, settings);
      return [Math.min(maxDelayMs, delay * (1 + jitter * (2 * random() - 1))), next];
    };
    this.#backoff = new ExponentialBackoff({
      generator,
      initialDelay: initialDelayMs,
      maxDelay: maxDelayMs,
      exponent: 2,
    });
  }

  /**
   * @param mayRepeat a further condition of this one call, for example that the request is idempotent
   */
  course(mayRepeat: (error: unknown) => boolean = () => true): RetryCourse {
    let backoff: IBackoff<unknown> | undefined;
    return {
      delayAfter: (error, attempt) => {
        if (attempt >= this.#attempts || !this.#when(error) || !mayRepeat(error)) return undefined;
        backoff = backoff?.next(undefined) ?? this.#backoff.next();
        const requested = requestedDelay(error);
        return requested === undefined ? backoff.duration : Math.min(requested, this.#maxDelayMs);
      },
    };
  }
}
