import { AsyncLocalStorage } from 'node:async_hooks';
import { isAtollError, z } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { JobWorld } from './job-world.fixture.js';

let world: JobWorld;
beforeEach(async () => {
  world = await JobWorld.create();
});
afterEach(() => world.close());

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
    expect(world.scopes).toContainEqual({ plugin: 'p', job: 'p/job', run: run.id, correlationId: 'c1' });
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
