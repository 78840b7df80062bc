import type { CacheOptions, Clock } from '@atoll/sdk';
import { LRUCache } from 'lru-cache';

const defaultMaxEntries = 500;

/** What all kept answers of one cache may weigh together, in bytes as `weigh` says. */
export const maxCachedBytes = 64 * 1024 * 1024;

export interface CacheStatistics {
  entries: number;
  hits: number;
  misses: number;
  /** Calls that waited for an equal call that was under way. */
  coalesced: number;
  /** Answers dropped for lack of room; those that expired are not among them. */
  evictions: number;
}

export interface ResponseCacheDeps {
  clock: Clock;
  /** Bytes an answer takes; answers that cannot tell count 1. */
  weigh: (value: unknown) => number;
  /** The error for a caller whose own signal aborted. */
  cancelled: (reason: unknown) => Error;
  onLookup: (result: 'hit' | 'miss' | 'coalesced') => void;
}

interface Flight {
  promise: Promise<unknown>;
  abort: AbortController;
  waiting: number;
  /** False once its key was invalidated: the answer may be older than the change. */
  keep: boolean;
}

/** Answers by key with a time to live, least recently used dropped first, and one call for equal keys at once. */
export class ResponseCache {
  readonly #deps: ResponseCacheDeps;
  readonly #answers: LRUCache<string, { value: unknown }>;
  readonly #flights = new Map<string, Flight>();
  #statistics = { hits: 0, misses: 0, coalesced: 0, evictions: 0 };

  constructor({ ttlMs, maxEntries = defaultMaxEntries }: CacheOptions, deps: ResponseCacheDeps) {
    this.#deps = deps;
    this.#answers = new LRUCache({
      max: maxEntries,
      maxSize: maxCachedBytes,
      sizeCalculation: ({ value }) => Math.max(1, Math.ceil(deps.weigh(value))),
      ttl: ttlMs,
      // Without this the cache reads the time once a millisecond, held up by a timer of the process.
      ttlResolution: 0,
      // It takes a start time of 0 for "no time to live", and a clock may well start at 0.
      perf: { now: () => deps.clock.monotonic() + 1 },
      dispose: (_answer, _key, reason) => {
        if (reason === 'evict') this.#statistics.evictions += 1;
      },
    });
  }

  get statistics(): CacheStatistics {
    this.#answers.purgeStale();
    return { entries: this.#answers.size, ...this.#statistics };
  }

  /**
   * The answer for `key`: the kept one, that of an equal call under way, or that of `load`. A caller that aborts
   * leaves; `load` is aborted only when the last one has left.
   */
  get<T>(
    key: string,
    signal: AbortSignal | undefined,
    load: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) return Promise.reject(this.#deps.cancelled(signal.reason));
    const kept = this.#answers.get(key);
    if (kept) {
      this.#count('hit');
      return Promise.resolve(kept.value as T);
    }
    const under = this.#flights.get(key);
    this.#count(under ? 'coalesced' : 'miss');
    const flight = under ?? this.#depart(key, load);
    return this.#wait(key, flight, signal) as Promise<T>;
  }

  /** Forgets one answer, or all; calls under way are not kept. */
  invalidate(key?: string): void {
    for (const [name, flight] of this.#flights) {
      if (key !== undefined && name !== key) continue;
      flight.keep = false;
      this.#flights.delete(name);
    }
    if (key === undefined) this.#answers.clear();
    else this.#answers.delete(key);
  }

  #depart(key: string, load: (signal: AbortSignal) => Promise<unknown>): Flight {
    const abort = new AbortController();
    const flight: Flight = { promise: load(abort.signal), abort, waiting: 0, keep: true };
    this.#flights.set(key, flight);
    const land = (): void => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.promise.then((value) => {
      if (flight.keep) this.#answers.set(key, { value });
      land();
    }, land);
    return flight;
  }

  #wait(key: string, flight: Flight, signal: AbortSignal | undefined): Promise<unknown> {
    flight.waiting += 1;
    if (!signal) return flight.promise;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const cancelled = this.#deps.cancelled(signal.reason);
        reject(cancelled);
        flight.waiting -= 1;
        if (flight.waiting > 0) return;
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
        flight.abort.abort(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      const stay = (): void => signal.removeEventListener('abort', leave);
      flight.promise.then(
        (value) => {
          stay();
          resolve(value);
        },
        (error: unknown) => {
          stay();
          reject(error);
        },
      );
    });
  }

  #count(result: 'hit' | 'miss' | 'coalesced'): void {
    if (result === 'hit') this.#statistics.hits += 1;
    else if (result === 'miss') this.#statistics.misses += 1;
    else this.#statistics.coalesced += 1;
    this.#deps.onLookup(result);
  }
}
