import { type Histogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '@atoll/sdk';

/** Milliseconds that the event loop came late over the last minute or two. */
export interface DelayReading {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

// Sampling every 10 ms, the usual choice, costs 0.55 % of a core while idle; every 100 ms costs 0.06 %.
const resolutionMs = 100;
const windowMs = 60_000;
const none: DelayReading = { p50Ms: 0, p99Ms: 0, maxMs: 0 };

/** What `monitorEventLoopDelay` returns, as far as it is used. */
type DelayHistogram = Pick<Histogram, 'count' | 'max' | 'percentile' | 'reset'> & {
  enable(): boolean;
  disable(): boolean;
};

/** Watches how late timers fire. Readers do not disturb each other: a reading covers this window and the last. */
export class EventLoopDelay {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #histogram: DelayHistogram;
  #windowStart: number;
  #last = none;

  constructor(
    clock: Pick<Clock, 'monotonic'>,
    histogram: DelayHistogram = monitorEventLoopDelay({ resolution: resolutionMs }),
  ) {
    this.#clock = clock;
    this.#histogram = histogram;
    this.#histogram.enable();
    this.#windowStart = clock.monotonic();
  }

  read(): DelayReading {
    const current = this.#current();
    const reading = {
      p50Ms: this.#histogram.count > 0 ? current.p50Ms : this.#last.p50Ms,
      p99Ms: Math.max(current.p99Ms, this.#last.p99Ms),
      maxMs: Math.max(current.maxMs, this.#last.maxMs),
    };
    const now = this.#clock.monotonic();
    if (now - this.#windowStart >= windowMs) {
      // A reader that comes after several windows would otherwise see a stall of long ago.
      this.#last = now - this.#windowStart < 2 * windowMs ? current : none;
      this.#windowStart = now;
      this.#histogram.reset();
    }
    return reading;
  }

  dispose(): void {
    this.#histogram.disable();
  }

  #current(): DelayReading {
    if (this.#histogram.count === 0) return none;
    return {
      p50Ms: lateness(this.#histogram.percentile(50)),
      p99Ms: lateness(this.#histogram.percentile(99)),
      maxMs: lateness(this.#histogram.max),
    };
  }
}

/** The histogram holds the nanoseconds between two ticks, the planned wait included. */
function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs);
}
