import { z } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gated } from './job-bodies.fixture.js';
import { JobWorld } from './job-world.fixture.js';

let world: JobWorld;
beforeEach(async () => {
  world = await JobWorld.create();
});
afterEach(() => world.close());

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
