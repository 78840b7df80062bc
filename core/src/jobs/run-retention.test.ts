import type { RunOutcome } from '@atoll/sdk';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TimeOrderedIds } from '../ids/time-ordered-ids.js';
import { JobWorld } from './job-world.fixture.js';
import { RunRetention } from './run-retention.js';

let world: JobWorld;
let retention: RunRetention;
const day = 86_400_000;

beforeEach(async () => {
  world = await JobWorld.create();
  retention = new RunRetention(world.db, world.clock, world.logger);
});
afterEach(() => world.close());

async function history(job: string, count: number, outcome: RunOutcome | null, ageMs: number): Promise<void> {
  const ids = new TimeOrderedIds();
  const at = world.clock.now() - ageMs;
  for (let n = 0; n < count; n++) {
    const id = ids.next(at);
    const state = outcome ? ('finished' as const) : ('queued' as const);
    const blank = { retry_on_interrupt: 0, crashes: 0, attempts: 1, progress_value: 1, input: '{}' };
    await world.db
      .insertInto('job_runs')
      .values({ ...blank, id, job, trigger: 'schedule', state, outcome, queued_at: at })
      .execute();
    await world.db.insertInto('job_run_logs').values({ run_id: id, lines: '{}' }).execute();
  }
}

async function left(job: string, outcome: RunOutcome): Promise<number> {
  const runs = await world.db
    .selectFrom('job_runs')
    .select('id')
    .where('job', '=', job)
    .where('outcome', '=', outcome)
    .execute();
  return runs.length;
}

it('keeps the last 100 runs, and failures of 30 days', async () => {
  await history('p/a', 20, 'failed', 40 * day);
  await history('p/a', 700, 'succeeded', 20 * day);
  await history('p/a', 30, 'timed_out', 10 * day);
  await history('p/a', 60, 'succeeded', day);
  await history('p/b', 90, 'succeeded', 50 * day);
  await history('p/b', 5, 'failed', 40 * day);
  await retention.prune('p/a');
  await retention.prune('p/b');
  expect(await left('p/a', 'failed')).toBe(0);
  expect(await left('p/a', 'timed_out')).toBe(30);
  expect(await left('p/a', 'succeeded')).toBe(70);
  expect(await left('p/b', 'succeeded')).toBe(90);
  expect(await left('p/b', 'failed')).toBe(5);
  const logs = await world.db.selectFrom('job_run_logs').select('run_id').execute();
  expect(logs).toHaveLength(195);
});

it('does not let skipped firings push out the runs', async () => {
  await history('p/a', 90, 'succeeded', 2 * day);
  await history('p/a', 300, 'skipped_overlap', day);
  await retention.prune('p/a');
  expect(await left('p/a', 'succeeded')).toBe(90);
  expect(await left('p/a', 'skipped_overlap')).toBe(100);
});

it('never removes a run that waits', async () => {
  await history('p/a', 10, null, 60 * day);
  await history('p/a', 150, 'succeeded', day);
  await retention.prune('p/a');
  expect((await world.service.runs.list({ state: 'queued' })).items).toHaveLength(10);
});

it('runs by itself, at the start, every six hours, and after every 50 runs of a job', async () => {
  await history('p/a', 150, 'succeeded', day);
  retention.start();
  await retention.stop();
  expect(await left('p/a', 'succeeded')).toBe(100);
  await history('p/a', 50, 'succeeded', 0);
  for (let n = 0; n < 50; n++) retention.count('p/a');
  await retention.stop();
  expect(await left('p/a', 'succeeded')).toBe(100);
  retention.start();
  await retention.stop();
  expect(world.logger.lines).toEqual([]);
});
