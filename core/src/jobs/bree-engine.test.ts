import type { Logger } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BreeEngine } from './bree-engine.js';
import { recordingLogger } from './recording-logger.fixture.js';

describe('BreeEngine', () => {
  let engine: BreeEngine;
  let logger: Logger & { lines: string[] };
  const never = new AbortController().signal;

  beforeEach(() => {
    logger = recordingLogger();
    engine = new BreeEngine(logger);
  });

  afterEach(() => expect(logger.lines).toEqual([]));

  it('returns what the work returns, also what could not be cloned to a worker', async () => {
    const value = { run: () => 1 };
    expect(await engine.execute('a/b', () => value, never)).toEqual({ ok: true, value });
  });

  it('tells a throw from a rejection no differently', async () => {
    const error = new Error('broken');
    const thrown = engine.execute(
      'a/b',
      () => {
        throw error;
      },
      never,
    );
    expect(await thrown).toEqual({ ok: false, crashed: false, error });
    expect(await engine.execute('a/b', () => Promise.reject(error), never)).toEqual({
      ok: false,
      crashed: false,
      error,
    });
  });

  it('runs no job by itself: nothing starts on init and no timers are armed', async () => {
    const work = vi.fn();
    await engine.execute('a/b', work, never);
    await engine.start();
    expect(work).toHaveBeenCalledTimes(1);
    expect(engine.timeouts.size + engine.intervals.size).toBe(0);
  });

  it('registers a job once for any number of runs in a row', async () => {
    for (let run = 0; run < 200; run++) {
      expect(await engine.execute('a/b', () => run, never)).toEqual({ ok: true, value: run });
    }
    expect(engine.lanes).toBe(1);
  });

  it('runs one job beside itself', async () => {
    const gate = Promise.withResolvers<string>();
    const first = engine.execute('a/b', () => gate.promise, never);
    const second = await engine.execute('a/b', () => 'second', never);
    gate.resolve('first');
    expect([await first, second]).toEqual([
      { ok: true, value: 'first' },
      { ok: true, value: 'second' },
    ]);
    expect(engine.lanes).toBe(2);
  });

  it('asks the work to end when the signal aborts, before and during it', async () => {
    const abort = new AbortController();
    const started = Promise.withResolvers<void>();
    const end = engine.execute(
      'a/b',
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          started.resolve();
        }),
      abort.signal,
    );
    await started.promise;
    abort.abort('stop');
    expect(await end).toEqual({ ok: false, crashed: false, error: 'stop' });
    expect(await engine.execute('a/b', (signal) => signal.aborted, abort.signal)).toEqual({
      ok: true,
      value: true,
    });
  });

  it('ends the attempt when an executor cannot be made, instead of an unhandled rejection', async () => {
    const error = new Error('could not be cloned');
    const create = engine.createWorker;
    engine.createWorker = () => {
      throw error;
    };
    expect(await engine.execute('a/b', () => 1, never)).toEqual({ ok: false, crashed: true, error });
    engine.createWorker = create;
    expect(await engine.execute('a/b', () => 1, never)).toEqual({ ok: true, value: 1 });
  });

  it('takes an executor that ends without a word for a crash', async () => {
    const create = engine.createWorker;
    engine.createWorker = (file, options) => {
      const worker = create(file, options);
      setImmediate(() => worker.emit('exit', 1));
      return worker;
    };
    const end = await engine.execute('a/b', () => new Promise(() => undefined), never);
    expect(end).toMatchObject({ ok: false, crashed: true });
  });

  it('never evaluates a path as code', async () => {
    expect(() =>
      engine.createWorker('throw new Error("evaluated")', { workerData: { job: { name: 'x' } } }),
    ).toThrow('execute()');
  });

  it('forgets a job, and one that still works when it ends', async () => {
    const gate = Promise.withResolvers<void>();
    const busy = engine.execute('a/b', () => gate.promise, never);
    await engine.execute('a/b', () => 1, never);
    await engine.forget('a/b');
    expect(engine.lanes).toBe(1);
    expect(await engine.execute('a/b', () => 2, never)).toEqual({ ok: true, value: 2 });
    gate.resolve();
    await busy;
    await vi.waitFor(() => expect(engine.lanes).toBe(1));
    await engine.forget('a/b');
    expect(engine.lanes).toBe(0);
    expect(engine.workers.size).toBe(0);
  });
});
