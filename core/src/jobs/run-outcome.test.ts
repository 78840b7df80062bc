import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gated, untilAborted } from './job-bodies.fixture.js';
import { JobWorld } from './job-world.fixture.js';

let world: JobWorld;
beforeEach(async () => {
  world = await JobWorld.create();
});
afterEach(() => world.close());

describe('what a job returns or throws', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;

  it.each([
    ['nothing', () => undefined, null],
    ['a value', () => [1, 'two'], [1, 'two']],
    ['a date, as JSON has it', () => new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('keeps %s', async (_, run: () => unknown, result) => {
    await world.define({ run });
    expect(await world.result()).toMatchObject({ outcome: 'succeeded', result });
  });

  it.each([
    ['a circle', () => circular, 'not JSON'],
    ['a bigint', () => 1n, 'not JSON'],
    ['a function', () => () => 1, 'is a function'],
    [
      'a toJSON that throws',
      () => ({
        toJSON: () => {
          throw new Error('no');
        },
      }),
      'not JSON (no)',
    ],
    ['too much', () => 'x'.repeat(300_000), 'bytes of JSON'],
  ])('fails once for %s, since the work is done', async (_, run: () => unknown, reason) => {
    await world.define({ retries: { attempts: 3 }, run });
    const ended = await world.result();
    expect(ended).toMatchObject({
      outcome: 'failed',
      attempts: 1,
      result: null,
      error: { code: 'job_result_invalid' },
    });
    expect(ended.error?.message).toContain(reason);
  });

  it.each([
    [
      'a throw',
      () => {
        throw new Error('broken hunter2');
      },
      'job_failed',
      'broken ***',
    ],
    ['a rejection', () => Promise.reject(new TypeError('')), 'job_failed', 'TypeError'],
    [
      'a text',
      () => {
        throw 'just text';
      },
      'job_failed',
      'just text',
    ],
    ['undefined', () => Promise.reject(), 'job_failed', 'the job threw undefined'],
    [
      'a circle',
      () => {
        throw circular;
      },
      'job_failed',
      'cannot be shown',
    ],
  ])('fails for %s', async (_, run, code, message) => {
    await world.define({ run });
    const ended = await world.result();
    expect(ended).toMatchObject({ outcome: 'failed', error: { code } });
    expect(ended.error?.message).toContain(message);
    expect(ended.error?.message).not.toContain(' at ');
  });
});

describe('timeout and cancel', () => {
  it('ends a run that takes too long', async () => {
    await world.define({ timeoutMs: 1000, run: untilAborted });
    const id = await world.run();
    await world.clock.advance(1000);
    expect(await world.service.settled(id)).toMatchObject({
      outcome: 'timed_out',
      error: { code: 'timed_out', message: 'p/job did not end within 1000 ms' },
    });
    expect(world.clock.pending).toBe(1);
  });

  it('ends a run that is cancelled, whatever it returns then', async () => {
    await world.define({
      run: ({ signal }) => new Promise((done) => signal.addEventListener('abort', () => done('fine'))),
    });
    const id = await world.run();
    await world.settle();
    await world.service.runs.cancel(id);
    expect(await world.service.settled(id)).toMatchObject({ outcome: 'cancelled', result: null });
    await expect(world.service.runs.cancel(id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('cancels a queued run without ever starting it', async () => {
    const { run, open } = gated();
    await world.define({ overlap: 'queue', run });
    await world.run();
    const id = await world.run();
    await world.settle();
    expect(await world.service.runs.cancel(id)).toMatchObject({ outcome: 'cancelled', startedAt: null });
    open();
    await world.settle();
    expect(await world.service.get('p/job')).toMatchObject({ running: 0, queued: 0 });
    expect(await world.story()).toEqual(['api succeeded', 'api cancelled']);
  });

  it('lets the first verdict win', async () => {
    await world.define({ timeoutMs: 1000, graceMs: 5000, run: gated().run });
    const id = await world.run();
    await world.clock.advance(1000);
    await expect(world.service.runs.cancel(id)).rejects.toMatchObject({ code: 'conflict' });
    await world.clock.advance(5000);
    expect(await world.service.settled(id)).toMatchObject({ outcome: 'timed_out' });
  });

  it('keeps the place of a run that ignores its end, and says so', async () => {
    const { run, open } = gated();
    await world.define({ graceMs: 5000, run });
    const id = await world.run();
    await world.settle();
    await world.service.runs.cancel(id);
    await world.clock.advance(5000);
    expect(await world.service.settled(id)).toMatchObject({ outcome: 'cancelled' });
    expect(await world.service.get('p/job')).toMatchObject({ running: 1, abandoned: 1 });
    expect(world.service.health()).toMatchObject({
      status: 'degraded',
      message: expect.stringContaining('p/job'),
    });
    expect(world.logger.lines.join('\n')).toContain('ignores that its run was ended');
    await expect(world.run()).rejects.toMatchObject({ code: 'job_refused' });
    expect(await world.metrics.exposition()).toContain('atoll_job_running{job="p/job"} 1');
    open();
    await world.settle();
    expect(await world.service.get('p/job')).toMatchObject({ running: 0, abandoned: 0 });
    expect(world.service.health()).toEqual({ status: 'healthy' });
    expect(await world.metrics.exposition()).toContain('atoll_job_running{job="p/job"} 0');
  });
});

describe('retries', () => {
  it('are attempts of one run, each after twice the wait', async () => {
    const times: number[] = [];
    await world.define({
      retries: { attempts: 3, backoffMs: 1000 },
      run: ({ attempt }) => {
        times.push(world.clock.now());
        if (attempt < 4) throw new Error(`attempt ${attempt}`);
        return attempt;
      },
    });
    const id = await world.run();
    await world.clock.advance(10_000);
    expect(await world.service.settled(id)).toMatchObject({ outcome: 'succeeded', attempts: 4, result: 4 });
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 1000, 3000, 7000]);
    expect((await world.service.runs.logs(id)).map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn attempt 1 failed: attempt 1; the next one comes in 1000 ms',
      'warn attempt 2 failed: attempt 2; the next one comes in 2000 ms',
      'warn attempt 3 failed: attempt 3; the next one comes in 4000 ms',
    ]);
  });

  it('end with the last error', async () => {
    await world.define({
      retries: { attempts: 1 },
      run: ({ attempt }) => Promise.reject(new Error(`no ${attempt}`)),
    });
    const id = await world.run();
    await world.clock.advance(1000);
    expect(await world.service.settled(id)).toMatchObject({
      outcome: 'failed',
      attempts: 2,
      error: { message: 'no 2' },
    });
  });

  it('stop at once when the run is cancelled', async () => {
    const run = vi.fn(() => {
      throw new Error('no');
    });
    await world.define({ retries: { attempts: 5, backoffMs: 60_000 }, run });
    const id = await world.run();
    await world.settle();
    await world.service.runs.cancel(id);
    expect(await world.service.settled(id)).toMatchObject({ outcome: 'cancelled', attempts: 1 });
    await world.clock.advance(300_000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('share the timeout of the run', async () => {
    await world.define({
      timeoutMs: 5000,
      retries: { attempts: 50, backoffMs: 1000 },
      run: () => Promise.reject(new Error('no')),
    });
    const id = await world.run();
    await world.clock.advance(5000);
    expect(await world.service.settled(id)).toMatchObject({ outcome: 'timed_out', attempts: 3 });
  });
});
