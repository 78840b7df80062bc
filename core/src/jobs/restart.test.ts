import { z } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { untilAborted } from './job-bodies.fixture.js';
import { JobWorld } from './job-world.fixture.js';

let world: JobWorld;
beforeEach(async () => {
  world = await JobWorld.create();
});
afterEach(() => world.close());

const forever = () => new Promise<never>(() => undefined);

/** What a kill leaves: the database as it is, and nothing else. */
async function dieAndBoot(): Promise<void> {
  await world.boot();
}

describe('the death of the process', () => {
  it('leaves runs interrupted, and they stay so', async () => {
    await world.define({ run: forever });
    const id = await world.run();
    await world.settle();
    await dieAndBoot();
    expect(await world.service.runs.get(id)).toMatchObject({
      state: 'finished',
      outcome: 'interrupted',
      error: { message: 'the process ended while the run was under way' },
    });
    await world.define({ run: () => undefined });
    await world.settle();
    expect(await world.story()).toEqual(['api interrupted']);
  });

  it('is followed by another run where the job says retry, once its plugin is there', async () => {
    const input = z.object({ seed: z.number() });
    await world.define({ input, onInterrupt: 'retry', run: forever });
    await world.run({ seed: 4 });
    await world.settle();
    await dieAndBoot();
    expect(await world.story()).toEqual(['api interrupted', 'retry queued']);
    await world.define({ input, onInterrupt: 'retry', run: ({ input: { seed } }) => seed });
    await world.settle();
    expect((await world.all()).at(-1)).toMatchObject({ trigger: 'retry', outcome: 'succeeded', result: 4 });
  });

  it('is not tried for ever by a job that kills the process', async () => {
    for (let life = 0; life < 6; life++) {
      await world.define({ onInterrupt: 'retry', run: forever });
      if (life === 0) await world.run();
      await world.settle();
      await dieAndBoot();
    }
    const runs = await world.all();
    expect(runs.map(({ outcome }) => outcome)).toEqual(Array(4).fill('interrupted'));
    expect(runs.at(-1)?.error?.hint).toContain('not tried again');
  });

  it('loses no queued run, and keeps their order', async () => {
    const order: unknown[] = [];
    const spec = { overlap: 'queue' as const, input: z.object({ n: z.number() }) };
    await world.define({ ...spec, run: forever });
    for (let n = 0; n < 5; n++) await world.run({ n });
    await dieAndBoot();
    await world.define({ ...spec, run: ({ input }) => void order.push(input.n) });
    await world.clock.advance(1000);
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it('makes queued runs wait for a disabled plugin, and lets them be cancelled', async () => {
    world.plugin.define({ name: 'job', run: () => undefined });
    const id = await world.run();
    await dieAndBoot();
    await world.clock.advance(60_000);
    expect(await world.service.runs.get(id)).toMatchObject({ state: 'queued' });
    expect(await world.service.runs.cancel(id)).toMatchObject({ outcome: 'cancelled' });
  });

  it('fails a queued run whose input a new version does not take', async () => {
    world.plugin.define({ name: 'job', input: z.object({ n: z.number() }), run: () => undefined });
    const id = await world.run({ n: 1 });
    await dieAndBoot();
    await world.define({ input: z.object({ n: z.string() }), run: () => undefined });
    expect(await world.service.settled(id)).toMatchObject({
      outcome: 'failed',
      error: { code: 'bad_request' },
    });
  });

  it('does not disturb the order of ids, also when the clock was set back', async () => {
    await world.define({ run: () => undefined });
    const before = await world.run();
    await world.settle();
    world.clock.set(world.clock.now() - 86_400_000);
    await dieAndBoot();
    await world.define({ run: () => undefined });
    expect((await world.run()) > before).toBe(true);
  });
});

describe('an orderly stop', () => {
  it('interrupts what runs, and queues it again where the job says so', async () => {
    await world.define({ onInterrupt: 'retry', run: untilAborted });
    const id = await world.run();
    await world.settle();
    const end = world.service.settled(id);
    await world.service.stop(1000);
    expect(await end).toMatchObject({
      outcome: 'interrupted',
      error: { message: expect.stringContaining('plugin p stopped') },
    });
    expect(await world.story()).toEqual(['api interrupted', 'retry queued']);
  });

  it('does not wait beyond its deadline for a job that ignores it', async () => {
    await world.define({ graceMs: 1e9, run: forever });
    const id = await world.run();
    await world.settle();
    await world.service.stop(20);
    await world.boot();
    expect(await world.service.runs.get(id)).toMatchObject({ outcome: 'interrupted' });
  });

  it('turns away those who wait for a queued run', async () => {
    world.plugin.define({ name: 'job', run: () => undefined });
    const end = world.service.settled(await world.run());
    const refused = expect(end).rejects.toMatchObject({ code: 'unavailable' });
    await world.settle();
    await world.service.stop(20);
    await refused;
  });
});

describe('a plugin that stops and comes back', () => {
  it('goes on with its queue and repeats what was cut off', async () => {
    const spec = { overlap: 'queue' as const, onInterrupt: 'retry' as const };
    await world.define({ ...spec, run: untilAborted });
    await world.run();
    await world.run();
    await world.settle();
    await world.plugin.dispose();
    expect(await world.service.list()).toEqual([]);
    const run = vi.fn();
    world.plugin = world.forPlugin();
    await world.define({ ...spec, run });
    await world.settle();
    expect(await world.story()).toEqual(['api interrupted', 'api succeeded', 'retry succeeded']);
  });

  it('finds the place of a run that ignored its end still taken', async () => {
    const gate = Promise.withResolvers<void>();
    await world.define({ graceMs: 1000, run: () => gate.promise });
    await world.run();
    await world.settle();
    const gone = world.plugin.dispose();
    await world.clock.advance(1000);
    await gone;
    world.plugin = world.forPlugin();
    await world.define({ overlap: 'queue', run: () => 'new' });
    const id = await world.run();
    await world.settle();
    expect(await world.service.runs.get(id)).toMatchObject({ state: 'queued' });
    gate.resolve();
    expect(await world.service.settled(id)).toMatchObject({ result: 'new' });
  });

  it('stays stopped when it is stopped while it arms', async () => {
    const run = vi.fn();
    world.plugin.define({ name: 'job', schedule: { everyMs: 1000 }, run });
    await world.run();
    const armed = world.plugin.arm();
    await world.plugin.disarm();
    await armed;
    await world.clock.advance(10_000);
    expect(run).not.toHaveBeenCalled();
  });

  it('ends its runs when its signal aborts', async () => {
    const stop = new AbortController();
    const jobs = world.service.forPlugin('q', { logger: world.logger, signal: stop.signal });
    jobs.define({ name: 'job', run: untilAborted });
    await jobs.arm();
    const { runId } = await jobs.run('job');
    await world.settle();
    stop.abort();
    expect(await world.service.settled(runId)).toMatchObject({ outcome: 'interrupted', trigger: 'manual' });
  });
});

describe('a host that is up for one command', () => {
  it('fires nothing and leaves queued runs and schedules as they are', async () => {
    const spec = { overlap: 'queue' as const, missed: 'once' as const, schedule: { everyMs: 3_600_000 } };
    await world.define({ ...spec, run: forever });
    await world.run();
    await world.run();
    await world.service.pause('p/job');
    await dieAndBoot();
    world.clock.set(world.clock.now() + 10 * 3_600_000);
    const before = await world.db.selectFrom('job_states').selectAll().execute();
    const jobs = world.service.forPlugin('p', {
      logger: world.logger,
      signal: new AbortController().signal,
      fires: false,
    });
    jobs.define({ ...spec, name: 'job', run: () => 'asked for' });
    await jobs.arm();
    expect(await world.result()).toMatchObject({ outcome: 'succeeded', result: 'asked for' });
    await world.clock.advance(2 * 3_600_000);
    expect(await world.story()).toEqual(['api interrupted', 'api queued', 'api succeeded']);
    expect(await world.service.get('p/job')).toMatchObject({ paused: true, nextRunAt: null });
    expect(await world.db.selectFrom('job_states').selectAll().execute()).toEqual(before);
  });
});

describe('a database that fails', () => {
  const away = () => world.db.schema.alterTable('job_runs').renameTo('away').execute();
  const back = () => world.db.schema.alterTable('away').renameTo('job_runs').execute();

  it('refuses a run instead of promising it', async () => {
    await world.define({ run: () => undefined });
    await away();
    await expect(world.run()).rejects.toThrow();
    await back();
    expect(await world.result()).toMatchObject({ outcome: 'succeeded' });
  });

  it('keeps the end of a run until it can be stored', async () => {
    const gate = Promise.withResolvers<void>();
    await world.define({ run: () => gate.promise });
    const id = await world.run();
    await world.settle();
    await away();
    gate.resolve();
    await world.settle();
    expect(world.service.health().status).toBe('unhealthy');
    await world.clock.advance(1000);
    await back();
    await world.clock.advance(2000);
    expect(await world.service.settled(id)).toMatchObject({ outcome: 'succeeded' });
    expect(world.service.health().status).toBe('healthy');
  });
});
