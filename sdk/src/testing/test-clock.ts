import type { Clock } from '../clock.js';

/** Time under the test's control; schedules, retries and caches follow it. */
export interface TestClock extends Clock {
  /** Lets `ms` pass, firing what falls due on the way. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock without letting time pass. */
  set(time: Date | number): void;
}
