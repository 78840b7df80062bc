import type { Clock, Disposer } from '@atoll/sdk';
import { currentScope } from '../scope/execution-scope.js';
import { sleepOn } from './system-clock.js';

interface Timer {
  at: number;
  order: number;
  fn: () => void;
  /** The run that waits for it, if one does. */
  run: string | undefined;
}

/** How long `advance` waits in real time for runs that neither end nor wait for the clock. */
const patienceMs = 10_000;

/**
 * Time that moves only when told to; timers fire in order, and what they start may settle in between: no time
 * passes while one of the `busy` runs works, unless it waits for the clock itself.
 */
export class FakeClock implements Clock {
  #now: number;
  #elapsed = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** Ids of the runs under way. */
  busy: () => readonly string[] = () => [];

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
    const timer = {
      at: this.#elapsed + Math.max(0, delayMs),
      order: this.#order++,
      fn,
      run: currentScope().run,
    };
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
    await this.#settle();
    for (let next = this.#due(end); next; next = this.#due(end)) {
      this.#timers.delete(next);
      this.#move(next.at - this.#elapsed);
      next.fn();
      await this.#settle();
    }
    this.#move(end - this.#elapsed);
  }

  /** Sets the wall clock without letting time pass, as an administrator or NTP does. */
  set(time: Date | number): void {
    this.#now = Number(time);
  }

  /** Lets everything run that can run without time passing. */
  async #settle(): Promise<void> {
    const patience = performance.now() + patienceMs;
    await turns();
    while (this.busy().some((run) => !this.#awaited(run)) && performance.now() < patience) await turns();
  }

  #awaited(run: string): boolean {
    for (const timer of this.#timers) if (timer.run === run) return true;
    return false;
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

/** A few turns of the event loop: promises, immediates, the database's queue. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
