import { AsyncLocalStorage } from 'node:async_hooks';
import { isAtollError, z } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JobWorld } from './job-world.fixture.js';

let world: JobWorld;
beforeEach(async () => {
  world = await JobWorld.create();
});
afterEach(() => world.close());

/** A job that runs until its gate opens, and one that watches its signal or not. */
function gated() {
  const gates: PromiseWithResolvers<void>[] = [];
  return {
    open: () => gates.shift()?.resolve(),
    run: () => {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      return gate.promise;
    },
  };
}

const untilAborted = ({ signal }: { signal: AbortSignal }) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('a run by hand', () => {
  it('ends with its result, and tells every step', async () => {
    await world.define({
      title: 'Scan',
      input: z.strictObject({ full: z.boolean().default(false) }),
      run: ({ input, progress, attempt, trigger, scheduledFor }) => {
        progress(0.5, 'albums', 'half way');
        return { input, attempt, trigger, scheduledFor };
      },
    });
    const run = await world.result({});
    expect(run).toMatchObject({
      job: 'p/job',
      trigger: 'api',
      state: 'finished',
      outcome: 'succeeded',
      scheduledFor: null,
      startedAt: '2026-01-05T12:00:00.000Z',
      attempts: 1,
      progress: { value: 1, phase: 'albums', message: 'half way' },
      result: { input: { full: false }, attempt: 1, trigger: 'api', scheduledFor: null },
      error: null,
    });
    expect(await world.service.runs.get(run.id)).toEqual(run);
    expect(world.events.map(({ type }) => type)).toEqual(['started', 'progress', 'finished']);
    expect(world.scopes).toEqual([{ plugin: 'p', job: 'p/job', run: run.id }]);
    expect(await world.service.settled(run.id)).toEqual(run);
    expect(await world.metrics.exposition()).toContain(
      'atoll_job_runs_total{job="p/job",outcome="succeeded"} 1',
    );
  });

  it('is refused with every wrong field named', async () => {
    await world.define({
      input: z.strictObject({
        seed: z.int().optional(),
        list: z.array(z.object({ name: z.string() })).default([]),
      }),
      run: () => undefined,
    });
    const refusal = await world.run({ seed: 'x', list: [{}] }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'bad_request' });
    expect(isAtollError(refusal) && refusal.errors?.map(({ path }) => path)).toEqual(['seed', 'list.0.name']);
    expect(await world.all()).toEqual([]);
  });

  it('refuses input of a job that takes none, input that is no JSON, and too much of it', async () => {
    await world.define({ run: () => undefined });
    await expect(world.run({ dryRun: true })).rejects.toMatchObject({ code: 'bad_request' });
    await expect(world.run({ n: 1n })).rejects.toMatchObject({ code: 'bad_request' });
    await expect(world.run({ s: 'x'.repeat(70_000) })).rejects.toMatchObject({ code: 'payload_too_large' });
  });

  it('names a job or a run that is not there', async () => {
    await expect(world.run()).rejects.toMatchObject({ code: 'job_unknown', status: 404 });
    await expect(world.service.get('p/none')).rejects.toMatchObject({ code: 'job_unknown' });
    await expect(world.service.runs.get('none')).rejects.toMatchObject({ code: 'run_unknown', status: 404 });
    await expect(world.service.runs.logs('none')).rejects.toMatchObject({ code: 'run_unknown' });
    await expect(world.service.runs.cancel('none')).rejects.toMatchObject({ code: 'run_unknown' });
    await expect(world.service.settled('none')).rejects.toMatchObject({ code: 'run_unknown' });
    await expect(world.plugin.run('none')).rejects.toMatchObject({ code: 'job_unknown' });
  });

  it('waits until its plugin has armed its jobs', async () => {
    const run = vi.fn();
    world.plugin.define({ name: 'job', run });
    const id = await world.run();
    await world.settle();
    expect(run).not.toHaveBeenCalled();
    expect(await world.service.runs.get(id)).toMatchObject({ state: 'queued', startedAt: null });
    await world.plugin.arm();
    expect(await world.service.settled(id)).toMatchObject({ outcome: 'succeeded' });
    expect(world.events.map(({ type }) => type)).toEqual(['queued', 'started', 'finished']);
  });

  it('belongs to nobody but itself, whoever asked for it', async () => {
    const caller = new AsyncLocalStorage<string>();
    await world.define({ overlap: 'queue', run: () => caller.getStore() ?? null });
    const asked = await Promise.all(['one', 'two'].map((name) => caller.run(name, () => world.run())));
    const ended = await Promise.all(asked.map((id) => world.service.settled(id)));
    expect(ended.map(({ result }) => result)).toEqual([null, null]);
  });

  it('is not harmed by a listener that throws', async () => {
    await world.define({ run: () => 1 });
    vi.spyOn(world.events, 'push').mockImplementation(() => {
      throw new Error('no');
    });
    expect(await world.result()).toMatchObject({ outcome: 'succeeded' });
    expect(world.logger.lines.join('\n')).toContain('was not taken');
  });

  it('is accepted only while the host is up', async () => {
    await world.define({ run: () => undefined });
    await world.service.stop(100);
    await expect(world.run()).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('what a job returns or throws', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;

  it.each([
    ['nothing', () => undefined, null],
    ['a value', () => [1, 'two'], [1, 'two']],
    ['a date, as JSON has it', () => new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('keeps %s', async (_, run, result) => {
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
  ])('fails once for %s, since the work is done', async (_, run, reason) => {
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

describe('overlap', () => {
  it('skip refuses a second run by hand', async () => {
    const { run, open } = gated();
    await world.define({ run });
    const first = await world.run();
    await world.settle();
    await expect(world.run()).rejects.toMatchObject({
      code: 'job_refused',
      status: 409,
      message: expect.stringContaining('already running'),
    });
    open();
    await world.service.settled(first);
    expect(await world.run()).toBeTypeOf('string');
    await world.settle();
    open();
  });

  it('skip records a firing that found the job running', async () => {
    const { run, open } = gated();
    await world.define({ schedule: { everyMs: 60_000 }, run });
    await world.clock.advance(120_000);
    open();
    await world.settle();
    expect(await world.story()).toEqual([
      'schedule succeeded 01-05T12:01',
      'schedule skipped_overlap 01-05T12:02',
    ]);
  });

  it('skip lets only one of many simultaneous requests in', async () => {
    const { run, open } = gated();
    await world.define({ run });
    const asked = await Promise.allSettled(Array.from({ length: 10 }, () => world.run()));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await world.settle();
    open();
  });

  it('queue runs requests one after the other, at most 100 waiting', async () => {
    const { run, open } = gated();
    await world.define({ overlap: 'queue', input: z.object({ n: z.number() }), run });
    const asked = await Promise.all(Array.from({ length: 101 }, (_, n) => world.run({ n })));
    await expect(world.run({ n: 101 })).rejects.toMatchObject({ code: 'job_refused' });
    expect(await world.service.get('p/job')).toMatchObject({ running: 1, queued: 100 });
    for (const id of asked) {
      await world.settle();
      open();
      await world.service.settled(id);
    }
    const started = (await world.all())
      .filter((each) => each.outcome === 'succeeded')
      .map((each) => each.input);
    expect(started).toEqual(Array.from({ length: 101 }, (_, n) => ({ n })));
  });

  it('queue lets one firing wait and skips the others', async () => {
    const { run, open } = gated();
    await world.define({ overlap: 'queue', schedule: { everyMs: 60_000 }, run });
    await world.clock.advance(4 * 60_000);
    open();
    await world.settle();
    expect(await world.story()).toEqual([
      'schedule succeeded 01-05T12:01',
      'schedule running 01-05T12:02',
      'schedule skipped_overlap 01-05T12:03',
      'schedule skipped_overlap 01-05T12:04',
    ]);
    open();
  });

  it('allow runs them side by side, up to a bound', async () => {
    const { run, open } = gated();
    await world.define({ overlap: 'allow', run });
    const asked = await Promise.all(Array.from({ length: 100 }, () => world.run()));
    await world.settle();
    expect(await world.service.get('p/job')).toMatchObject({ running: 100, queued: 0 });
    await expect(world.run()).rejects.toMatchObject({ code: 'job_refused' });
    for (const _ of asked) open();
    await Promise.all(asked.map((id) => world.service.settled(id)));
    expect(await world.service.get('p/job')).toMatchObject({ running: 0 });
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

describe('progress and log', () => {
  it('shows progress live and stores it now and then', async () => {
    const { run, open } = gated();
    await world.define({
      run: ({ progress }) => {
        progress(-1);
        for (let step = 1; step <= 1000; step++) progress(step / 2000, 'scan', `album ${step}`);
        progress(Number.NaN, 'scan', 'album 1001');
        return run();
      },
    });
    const id = await world.run();
    await world.settle();
    expect((await world.service.runs.get(id)).progress).toEqual({
      value: 0.5,
      phase: 'scan',
      message: 'album 1001',
    });
    expect((await stored(id))?.progress_value).toBe(0);
    await world.clock.advance(250);
    expect((await stored(id))?.progress_value).toBe(0.5);
    expect(
      world.events.filter(({ type }) => type === 'progress').map((event) => event.run.progress.value),
    ).toEqual([0, 0.5]);
    open();
    await world.service.settled(id);
  });

  it('keeps the last lines, redacted, and writes them with job and run', async () => {
    const { run, open } = gated();
    await world.define({
      run: ({ logger }) => {
        for (let line = 0; line < 600; line++) logger.info(`line ${line}`);
        logger.child({ album: 'A' }).warn({ key: 'hunter2', err: new Error('deep') }, 'with fields');
        logger.debug('not kept');
        logger.info({ big: 1n }, 'no JSON');
        return run();
      },
    });
    const id = await world.run();
    await world.settle();
    const lines = await world.service.runs.logs(id);
    expect(lines).toHaveLength(500);
    expect(lines.slice(-3)).toMatchObject([
      { level: 'info', message: 'line 599' },
      { level: 'warn', message: 'with fields', fields: { album: 'A', key: '***', err: 'deep' } },
      { message: 'no JSON' },
    ]);
    expect(world.logger.lines).toContain(`info: line 0 {"job":"p/job","run":"${id}"}`);
    expect(world.events.filter(({ type }) => type === 'log')).toHaveLength(602);
    await world.clock.advance(5000);
    expect(await world.db.selectFrom('job_run_logs').selectAll().execute()).toHaveLength(1);
    open();
    await world.service.settled(id);
    expect(await world.service.runs.logs(id)).toEqual(lines);
  });

  it('takes nothing more from a run that was given up', async () => {
    const gate = Promise.withResolvers<void>();
    await world.define({
      graceMs: 0,
      run: async ({ progress, logger }) => {
        await gate.promise;
        progress(0.7);
        logger.info('still here');
      },
    });
    const id = await world.run();
    await world.settle();
    await world.service.runs.cancel(id);
    await world.clock.advance(1);
    gate.resolve();
    await world.settle();
    await world.clock.advance(10_000);
    expect(await world.service.runs.get(id)).toMatchObject({ outcome: 'cancelled', progress: { value: 0 } });
    expect(await world.service.runs.logs(id)).toMatchObject([
      { message: 'cancelled: the run was cancelled' },
    ]);
  });

  function stored(id: string) {
    return world.db.selectFrom('job_runs').selectAll().where('id', '=', id).executeTakeFirst();
  }
});

describe('definitions', () => {
  it.each([
    [{ name: 'Bad Name' }, 'not a name'],
    [{ timeoutMs: 0 }, 'timeoutMs is 0'],
    [{ retries: { attempts: -1 } }, 'retries.attempts is -1'],
    [{ schedule: { cron: 'nonsense' } }, 'jobs.job.schedule'],
    [{ schedule: { everyMs: 60_000 }, input: z.object({ id: z.string() }) }, 'without a default'],
  ])('refuses %j', (spec, reason) => {
    expect(() => world.plugin.define({ name: 'job', run: () => undefined, ...spec })).toThrow(reason);
    expect(world.plugin.names()).toEqual([]);
  });

  it('refuses a name twice, and takes it again when the first is gone', async () => {
    const remove = world.plugin.define({ name: 'job', run: () => 1 });
    expect(() => world.plugin.define({ name: 'job', run: () => 2 })).toThrow('twice');
    await remove();
    await remove();
    await world.define({ run: () => 2 });
    expect(await world.result()).toMatchObject({ result: 2 });
  });

  it('leave no timers, listeners or lanes after 500 rounds', async () => {
    for (let round = 0; round < 500; round++) {
      await world.plugin.dispose();
      world.plugin = world.forPlugin();
      await world.define({ schedule: { everyMs: 1000 }, run: () => round });
      if (round % 10 === 0) expect(await world.result()).toMatchObject({ result: round });
    }
    await world.plugin.dispose();
    // The retention's sweep.
    expect(world.clock.pending).toBe(1);
    expect(await world.service.list()).toEqual([]);
  });

  it('describe themselves', async () => {
    await world.define({
      title: 'Job',
      description: 'Does it',
      schedule: { cron: '0 3 * * *', timezone: 'Europe/Berlin' },
      input: z.object({ dryRun: z.boolean().default(false) }),
      run: () => undefined,
    });
    await world.result();
    expect(await world.service.list()).toEqual([
      {
        id: 'p/job',
        plugin: 'p',
        name: 'job',
        title: 'Job',
        description: 'Does it',
        schedule: { text: '0 3 * * *', words: 'every day at 03:00' },
        timezone: 'Europe/Berlin',
        nextRunAt: '2026-01-06T02:00:00.000Z',
        paused: false,
        overlap: 'skip',
        inputSchema: expect.objectContaining({
          type: 'object',
          properties: { dryRun: { default: false, type: 'boolean' } },
        }),
        running: 0,
        abandoned: 0,
        queued: 0,
        lastRun: expect.objectContaining({ outcome: 'succeeded' }),
      },
    ]);
  });
});

describe('the list of runs', () => {
  it('pages and filters', async () => {
    await world.define({
      input: z.object({ fail: z.boolean().default(false) }),
      run: ({ input }) => {
        if (input.fail) throw new Error('no');
      },
    });
    for (let run = 0; run < 7; run++) await world.result({ fail: run % 3 === 0 });
    const { runs } = world.service;
    const first = await runs.list({ limit: 3 });
    const second = await runs.list({ limit: 3, cursor: first.nextCursor ?? '' });
    const third = await runs.list({ limit: 3, cursor: second.nextCursor ?? '' });
    expect(third).toMatchObject({ items: [{}], nextCursor: null });
    const ids = [...first.items, ...second.items, ...third.items].map(({ id }) => id);
    expect(ids).toEqual([...ids].sort().reverse());
    expect(new Set(ids).size).toBe(7);
    expect((await runs.list({ outcome: 'failed' })).items).toHaveLength(3);
    expect((await runs.list({ job: 'p/job', outcome: 'succeeded' })).items).toHaveLength(4);
    expect((await runs.list({ job: 'p/other' })).items).toEqual([]);
    expect((await runs.list({ state: 'queued' })).items).toEqual([]);
    expect((await runs.list({ job: 'p/job', state: 'finished' })).items).toHaveLength(7);
    await expect(runs.list({ limit: 0 })).rejects.toMatchObject({ code: 'bad_request' });
  });
});
