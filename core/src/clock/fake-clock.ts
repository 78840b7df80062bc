import type { Clock, Disposer } from '@atoll/sdk';
import { sleepOn } from './system-clock.js';

interface Timer {
  at: number;
  order: number;
  fn: () => void;
}

/** Time that moves only when told to; timers fire in order, and what they start may settle in between. */
export class FakeClock implements Clock {
  #now: number;
  #elapsed = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(start: Date | number = Date.UTC(2026, 0, 5, 12)) {
    this.#now = Number(start);
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  setTimeout(fn: () => void, delayMs: number): Disposer {
    const timer = { at: this.#elapsed + Math.max(0, delayMs), order: this.#order++, fn };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves time by `ms`, firing every timer that falls due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await settle();
    for (let next = this.#due(end); next; next = this.#due(end)) {
      this.#timers.delete(next);
      this.#move(next.at - this.#elapsed);
      next.fn();
      await settle();
    }
    this.#move(end - this.#elapsed);
  }

  /** Sets the wall clock without letting time pass, as an administrator or NTP does. */
  set(time: Date | number): void {
    this.#now = Number(time);
  }

  #move(ms: number): void {
    this.#elapsed += ms;
    this.#now += ms;
  }

  #due(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    }
    return first;
  }
}

/** Lets everything that is already due in the event loop run: promises, immediates, the database queue. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
