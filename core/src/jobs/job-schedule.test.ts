import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobWorld } from './job-world.fixture.js';

let world: JobWorld;
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

beforeEach(async () => {
  world = await JobWorld.create({ start: '2026-01-05T12:00:00Z' });
});
afterEach(() => world.close());

const quick = { run: () => undefined };

/** The process ends without a word, and another one comes up `awayMs` later. */
async function restart(awayMs: number, spec: Parameters<JobWorld['define']>[0]): Promise<void> {
  await world.service.stop(1000);
  world.clock.set(world.clock.now() + awayMs);
  await world.boot();
  await world.define(spec);
  await world.settle();
}

describe('cron', () => {
  it('fires on time, on every day of a change of clocks once', async () => {
    await world.close();
    world = await JobWorld.create({ start: '2026-03-28T12:00:00Z', timezone: 'Europe/Berlin' });
    await world.define({ schedule: { cron: '30 2 * * *' }, ...quick });
    await world.clock.advance(2 * day);
    world.clock.set(Date.parse('2026-10-24T12:00:00Z'));
    await world.clock.advance(2 * day);
    expect(await world.story()).toEqual([
      'schedule succeeded 03-29T01:00',
      'schedule succeeded 03-30T00:30',
      'schedule succeeded 10-25T00:30',
      'schedule succeeded 10-26T01:30',
    ]);
  });

  it('waits for longer than a timer can', async () => {
    await world.define({ schedule: { cron: '0 0 1 3 *' }, ...quick });
    await world.clock.advance(56 * day);
    expect(await world.story()).toEqual(['schedule succeeded 03-01T00:00']);
  });

  it('tells its coming firings', async () => {
    await world.define({ schedule: { cron: '0 3 * * *' }, ...quick });
    expect(world.plugin.next('job', 2)).toEqual([
      new Date('2026-01-06T03:00:00Z'),
      new Date('2026-01-07T03:00:00Z'),
    ]);
  });
});

describe('a clock that is moved', () => {
  const daily = { schedule: { cron: '0 3 * * *' }, ...quick };

  it('back past a firing does not fire it twice', async () => {
    await world.define(daily);
    await world.clock.advance(16 * hour);
    world.clock.set(Date.parse('2026-01-06T02:30:00Z'));
    await world.clock.advance(day);
    expect(await world.story()).toEqual(
      ['schedule succeeded 01-06T03:00', 'schedule succeeded 01-07T03:00'].slice(0, 1),
    );
    await world.clock.advance(hour);
    expect(await world.story()).toEqual(['schedule succeeded 01-06T03:00', 'schedule succeeded 01-07T03:00']);
  });

  it('back by years does not silence the job', async () => {
    world.clock.set(Date.parse('2031-01-01T00:00:00Z'));
    await world.define(daily);
    await world.clock.advance(4 * hour);
    world.clock.set(Date.parse('2026-01-05T12:00:00Z'));
    await world.clock.advance(16 * hour);
    expect(await world.story()).toEqual(['schedule succeeded 01-01T03:00', 'schedule succeeded 01-06T03:00']);
    await restart(0, daily);
    await world.clock.advance(day);
    expect(await world.story()).toContain('schedule succeeded 01-07T03:00');
  });

  it('forward by a little fires late, within a minute', async () => {
    await world.define(daily);
    await world.clock.advance(15 * hour - 2 * minute);
    world.clock.set(Date.parse('2026-01-06T03:00:30Z'));
    await world.clock.advance(minute);
    expect(await world.story()).toEqual(['schedule succeeded 01-06T03:00']);
  });

  it('forward by a lot is a missed firing, which the job skips', async () => {
    await world.define(daily);
    world.clock.set(Date.parse('2026-01-06T09:00:00Z'));
    await world.clock.advance(minute);
    expect(await world.story()).toEqual([]);
    expect(world.logger.lines.join('\n')).toContain('missed its firing at 2026-01-06T03:00:00.000Z');
    await world.clock.advance(day);
    expect(await world.story()).toEqual(['schedule succeeded 01-07T03:00']);
  });

  it('forward by a lot is a missed firing, which another job makes up for once', async () => {
    await world.define({ ...daily, missed: 'once' });
    world.clock.set(Date.parse('2026-01-09T09:00:00Z'));
    await world.clock.advance(2 * minute);
    expect(await world.story()).toEqual(['missed succeeded 01-09T03:00']);
  });

  it('keeps an interval going', async () => {
    await world.define({ schedule: { everyMs: hour }, ...quick });
    await world.clock.advance(hour);
    world.clock.set(world.clock.now() - 10 * day);
    await world.clock.advance(2 * hour);
    expect((await world.all()).length).toBeGreaterThanOrEqual(2);
    world.clock.set(world.clock.now() + 20 * day);
    await world.clock.advance(2 * hour);
    expect((await world.all()).length).toBeGreaterThanOrEqual(4);
  });
});

describe('a restart', () => {
  const daily = { schedule: { everyMs: day }, ...quick };

  it('does not reset an interval', async () => {
    await world.define(daily);
    for (let round = 0; round < 4; round++) {
      await world.clock.advance(7 * hour);
      await restart(minute, daily);
    }
    expect(await world.story()).toEqual(['schedule succeeded 01-06T12:00']);
    expect((await world.service.get('p/job')).nextRunAt).toBe('2026-01-07T12:00:00.000Z');
  });

  it('lets an interval go on from its last firing with its new length', async () => {
    await world.define(daily);
    await world.clock.advance(day);
    await restart(hour, { schedule: { everyMs: 6 * hour }, ...quick });
    expect((await world.service.get('p/job')).nextRunAt).toBe('2026-01-06T18:00:00.000Z');
  });

  it('skips what was missed, or makes up for the latest', async () => {
    await world.define({ schedule: { cron: '0 * * * *' }, ...quick });
    await restart(5 * hour + minute, { schedule: { cron: '0 * * * *' }, ...quick });
    expect(await world.story()).toEqual([]);
    await restart(5 * hour, { schedule: { cron: '0 * * * *' }, missed: 'once', ...quick });
    expect(await world.story()).toEqual(['missed succeeded 01-05T22:00']);
    await restart(minute, { schedule: { cron: '0 * * * *' }, missed: 'once', ...quick });
    expect(await world.story()).toHaveLength(1);
  });

  it('makes up for nothing that a changed schedule never promised', async () => {
    await world.define({ schedule: { cron: '0 3 * * *' }, missed: 'once', ...quick });
    await restart(day, { schedule: { cron: '0 4 * * *' }, missed: 'once', ...quick });
    expect(await world.story()).toEqual([]);
  });

  it('makes up for nothing that passed while the job had no schedule', async () => {
    const hourly = { schedule: { cron: '0 * * * *' }, missed: 'once' as const, ...quick };
    await world.define(hourly);
    await restart(minute, quick);
    await restart(day, hourly);
    expect(await world.story()).toEqual([]);
  });
});

describe('pause', () => {
  const hourly = { schedule: { cron: '0 * * * *' }, missed: 'once' as const, ...quick };

  it('stops firings, also across a restart, but not runs by hand', async () => {
    await world.define(hourly);
    await world.service.pause('p/job');
    await world.clock.advance(2 * hour);
    await restart(2 * hour, hourly);
    expect(await world.service.get('p/job')).toMatchObject({ paused: true, nextRunAt: null });
    await world.clock.advance(2 * hour);
    await world.result();
    expect(await world.story()).toEqual(['api succeeded']);
  });

  it('ends with resume, without making up for anything', async () => {
    await world.define(hourly);
    await world.service.pause('p/job');
    await world.clock.advance(2 * hour + minute);
    await world.service.resume('p/job');
    await world.service.resume('p/job');
    await restart(minute, hourly);
    await world.clock.advance(hour);
    expect(await world.story()).toEqual(['schedule succeeded 01-05T15:00']);
  });

  it('keeps the beat of an interval', async () => {
    await world.define({ schedule: { everyMs: hour }, ...quick });
    await world.service.pause('p/job');
    await world.clock.advance(90 * minute);
    await world.service.resume('p/job');
    expect((await world.service.get('p/job')).nextRunAt).toBe('2026-01-05T14:00:00.000Z');
  });
});

describe('the config', () => {
  it('replaces a schedule, or takes it away', async () => {
    await world.boot({ job: { cron: '15 * * * *', timezone: 'Asia/Kolkata' }, other: false });
    world.plugin.define({ name: 'other', schedule: { everyMs: minute }, ...quick });
    await world.define({ schedule: { everyMs: minute }, ...quick });
    expect(await world.service.get('p/job')).toMatchObject({
      schedule: { text: '15 * * * *' },
      timezone: 'Asia/Kolkata',
      nextRunAt: '2026-01-05T12:45:00.000Z',
    });
    expect(await world.service.get('p/other')).toMatchObject({ schedule: null, nextRunAt: null });
  });

  it('is told of schedules for jobs that are not there', async () => {
    await world.boot({ jbo: false });
    await world.define(quick);
    expect(world.logger.lines.join('\n')).toContain(
      'schedules.jbo in the config names no job of p; its jobs are: job',
    );
  });

  it('is refused with the place of a schedule that cannot be read', async () => {
    await world.boot({ job: { cron: '61 * * * *' } });
    await expect(world.define(quick)).rejects.toMatchObject({
      code: 'config_invalid',
      path: 'schedules.job',
    });
  });
});

it('fires again within a minute when a run could not be recorded', async () => {
  await world.define({ schedule: { cron: '0 * * * *' }, ...quick });
  await world.db.schema.alterTable('job_runs').renameTo('away').execute();
  await world.clock.advance(hour);
  expect(world.logger.lines.join('\n')).toContain('was due but its run could not be recorded');
  await world.db.schema.alterTable('away').renameTo('job_runs').execute();
  await world.clock.advance(minute);
  expect(await world.story()).toEqual(['schedule succeeded 01-05T13:00']);
});
