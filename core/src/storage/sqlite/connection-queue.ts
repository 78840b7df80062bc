import { AtollError, type Clock, type Disposer } from '@atoll/sdk';

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** A holder older than this while others wait is taken for one that waits for them. */
const stuckAfterMs = 30_000;

/** Hands the one connection of a database to one asker at a time, first come first served. */
export class ConnectionQueue {
  readonly #database: string;
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiter>();
  #held = false;
  #heldSince = 0;
  #patient = false;
  #guard: Disposer | undefined;

  constructor(database: string, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Resolves when the connection is the caller's. Throws `storage_nested_query` when its holder never lets go. */
  async acquire(): Promise<void> {
    if (this.#held) await this.#wait();
    else this.#hold();
  }

  /** The present holder may take as long as it needs: it is maintenance, not a request. */
  bePatient(): void {
    this.#patient = true;
  }

  release(): void {
    const next = this.#waiting.values().next().value;
    if (!next) {
      this.#held = false;
      this.#disarm();
      return;
    }
    this.#waiting.delete(next);
    this.#hold();
    next.resolve();
  }

  #hold(): void {
    this.#held = true;
    this.#patient = false;
    this.#heldSince = this.#clock.monotonic();
  }

  #wait(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.add({ resolve, reject });
      this.#guard ??= this.#arm(stuckAfterMs);
    });
  }

  // One timer for all who wait, armed by the first of them: most queries never wait and pay nothing.
  #arm(delayMs: number): Disposer {
    return this.#clock.setTimeout(() => {
      this.#guard = undefined;
      if (this.#waiting.size === 0) return;
      const held = this.#clock.monotonic() - this.#heldSince;
      if (held >= stuckAfterMs && !this.#patient) this.#refuseAll(held);
      else this.#guard = this.#arm(Math.max(1000, stuckAfterMs - held));
    }, delayMs);
  }

  #disarm(): void {
    void this.#guard?.();
    this.#guard = undefined;
  }

  #refuseAll(heldMs: number): void {
    const error = new AtollError(
      'storage_nested_query',
      `The database "${this.#database}" has been held by one transaction for ${Math.round(heldMs / 1000)} s.`,
      {
        status: 503,
        hint: 'Inside a transaction or connection use its own object for every query, and await nothing slow.',
      },
    );
    for (const waiter of this.#waiting) waiter.reject(error);
    this.#waiting.clear();
  }
}
