import { createHistogram } from 'node:perf_hooks';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { EventLoopDelay } from './event-loop-delay.js';

describe('EventLoopDelay', () => {
  let clock: FakeClock;
  let delay: EventLoopDelay;
  let record: (lateMs: number) => void;

  beforeEach(() => {
    clock = new FakeClock();
    const histogram = createHistogram();
    record = (lateMs) => histogram.record((lateMs + 100) * 1e6);
    const switches = { enable: () => true, disable: () => true };
    delay = new EventLoopDelay(clock, Object.assign(histogram, switches));
  });

  it('tells nothing before the first tick', () => {
    expect(delay.read()).toEqual({ p50Ms: 0, p99Ms: 0, maxMs: 0 });
  });

  it('tells the lateness without the planned wait, to every reader alike', () => {
    record(0);
    record(0);
    record(400);
    for (let reader = 0; reader < 2; reader++) {
      const { p50Ms, maxMs } = delay.read();
      expect(p50Ms).toBeCloseTo(0, 0);
      expect(maxMs).toBeCloseTo(400, 0);
    }
  });

  it('keeps a stall through the next window and then forgets it', async () => {
    record(400);
    await clock.advance(60_000);
    delay.read();
    record(0);
    expect(delay.read().maxMs).toBeCloseTo(400, 0);
    await clock.advance(60_000);
    delay.read();
    expect(delay.read().maxMs).toBeCloseTo(0, 0);
  });

  it('does not report a stall of long ago to a reader that was away', async () => {
    record(400);
    await clock.advance(600_000);
    delay.read();
    expect(delay.read().maxMs).toBe(0);
  });
});
