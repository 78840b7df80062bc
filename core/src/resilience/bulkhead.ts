import type { AtollError, BulkheadOptions } from '@atoll/sdk';
import { BulkheadPolicy } from 'cockatiel';

const defaultQueue = 1000;

/**
 * Limits the calls at once: cockatiel's bulkhead with a queue that counts only those who still wait. On its own,
 * cockatiel keeps an aborted caller in the queue, taking a place, until a slot is free.
 */
export class Bulkhead {
  readonly #concurrency: number;
  readonly #limit: number;
  readonly #engine: BulkheadPolicy;
  #queued = 0;

  constructor({ concurrency, queue = defaultQueue }: BulkheadOptions) {
    this.#concurrency = concurrency;
    this.#limit = queue;
    // The bound is checked here, against the live queue.
    this.#engine = new BulkheadPolicy(concurrency, Number.POSITIVE_INFINITY);
  }

  get running(): number {
    return this.#concurrency - this.#engine.executionSlots;
  }

  get queued(): number {
    return this.#queued;
  }

  /** Runs `call` when a slot is free. Rejects with the signal's reason when that aborts in the queue. */
  run<T>(call: () => Promise<T>, signal: AbortSignal, refusal: () => AtollError): Promise<T> {
    if (this.#engine.executionSlots > 0) return this.#engine.execute(call);
    if (this.#queued >= this.#limit) return Promise.reject(refusal());
    return new Promise((resolve, reject) => {
      this.#queued += 1;
      const leave = (): void => {
        this.#queued -= 1;
        signal.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        leave();
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#engine
        .execute(() => {
          leave();
          return call();
        }, signal)
        .then(resolve, reject);
    });
  }
}
