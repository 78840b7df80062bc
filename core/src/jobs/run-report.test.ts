import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gated } from './job-bodies.fixture.js';
import { JobWorld } from './job-world.fixture.js';

let world: JobWorld;
beforeEach(async () => {
  world = await JobWorld.create();
});
afterEach(() => world.close());

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
