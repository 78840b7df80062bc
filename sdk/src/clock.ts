import type { Disposer } from './disposer.js';

/** Time, injected, so that tests can move it. All times are milliseconds. */
export interface Clock {
  /** Wall-clock time since the epoch. */
  now(): number;
  /** Time that never goes back, for durations. */
  monotonic(): number;
  /** Calls `fn` once after `delayMs`; the disposer cancels. Does not keep the process alive. */
  setTimeout(fn: () => void, delayMs: number): Disposer;
  /** Resolves after `delayMs`; rejects with the signal's reason when it aborts first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}
