import type { RunRecord } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliWorld, type FakeAnswer } from '../cli.fixture.js';

let world: CliWorld;

beforeEach(() => {
  world = new CliWorld();
});

afterEach(() => world[Symbol.asyncDispose]());

const record: RunRecord = {
  id: 'r1',
  job: 'octogen/generate',
  trigger: 'api',
  state: 'running',
  outcome: null,
  scheduledFor: null,
  startedAt: '2026-01-05T12:00:00.000Z',
  finishedAt: null,
  attempts: 1,
  progress: { value: 0.25, phase: 'index', message: '100 songs' },
  input: {},
  result: null,
  error: null,
};
const succeeded: RunRecord = {
  ...record,
  state: 'finished',
  outcome: 'succeeded',
  finishedAt: '2026-01-05T12:00:02.500Z',
  result: { playlists: 3 },
};

/** A host that accepts the run, tells each of `states` once and then the last for ever. */
function runs(...states: RunRecord[]): FakeAnswer {
  return ({ method, path }) => {
    if (path === '/health/live') return { json: { status: 'ok' } };
    if (method === 'POST' && path.endsWith('/run')) return { status: 202, json: { runId: 'r1' } };
    if (method === 'POST' && path.endsWith('/cancel')) return { status: 202, json: {} };
    return path === '/api/v1/runs/r1' ? { json: states.length > 1 ? states.shift() : states[0] } : undefined;
  };
}

describe('jobs list', () => {
  it('shows schedule and next run, of all pages', async () => {
    const jobs = [
      {
        id: 'a/one',
        title: 'One',
        schedule: { text: '0 2 * * *', words: 'daily at 02:00' },
        nextRunAt: '2026-01-06T02:00:00.000Z',
        paused: false,
      },
      {
        id: 'a/two',
        title: 'Two',
        schedule: { text: '90s', words: 'every 90 s' },
        nextRunAt: null,
        paused: true,
      },
      { id: 'b/three', title: 'Three', schedule: null, nextRunAt: null, paused: false },
    ];
    await world.fakeHost(({ path }) => {
      if (path === '/api/v1/jobs') return { json: { items: jobs.slice(0, 2), nextCursor: 'c&1' } };
      if (path === '/api/v1/jobs?cursor=c%261') return { json: { items: jobs.slice(2), nextCursor: null } };
      return { json: {} };
    });
    const { code, stdout } = await world.run('jobs', 'list');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['JOB', 'TITLE', 'SCHEDULE', 'NEXT RUN'],
      ['a/one', 'One', 'daily at 02:00', '2026-01-06T02:00:00.000Z'],
      ['a/two', 'Two', 'every 90 s', 'paused'],
      ['b/three', 'Three', 'on demand', '-'],
      [''],
    ]);
    expect(JSON.parse((await world.run('jobs', 'list', '--json')).stdout)).toEqual(jobs);
  });
});

describe('jobs run', () => {
  it('waits for the end, shows progress beside the result, and succeeds', async () => {
    const host = await world.fakeHost(runs({ ...record, state: 'queued' }, record, record, succeeded));
    const { code, stdout, stderr } = await world.run(
      'jobs',
      'run',
      'octogen/generate',
      '--input',
      '{"dryRun":true}',
    );
    expect(code).toBe(0);
    expect(stdout).toBe('octogen/generate succeeded after 2.5 s (run r1)\n{\n  "playlists": 3\n}\n');
    expect(stderr).toBe(
      'octogen/generate: waits for the run before it\noctogen/generate: index: 100 songs\n',
    );
    expect(host.requests.find(({ method }) => method === 'POST')).toMatchObject({
      path: '/api/v1/jobs/octogen%2Fgenerate/run',
      body: { input: { dryRun: true } },
    });
    expect(world.listensForSignals).toBe(false);
  });

  it('prints the whole run as JSON, and progress only where it is asked for', async () => {
    await world.fakeHost(runs(record, succeeded, record, succeeded));
    const quiet = await world.run('jobs', 'run', 'octogen/generate', '--json');
    expect(JSON.parse(quiet.stdout)).toEqual(succeeded);
    expect(quiet.stderr).toBe('');
    world.env.SHOW_PROGRESS = 'false';
    expect((await world.run('jobs', 'run', 'octogen/generate')).stderr).toBe('');
  });

  it.each([
    ['failed', 1],
    ['timed_out', 1],
    ['cancelled', 1],
    ['skipped_overlap', 3],
  ] as const)('that ended as %s exits with %d and tells why', async (outcome, exitCode) => {
    const error = { code: 'upstream_refused', message: 'Navidrome refused', hint: 'Start it.' };
    await world.fakeHost(runs({ ...succeeded, outcome, result: null, error }));
    const { code, stdout } = await world.run('jobs', 'run', 'octogen/generate');
    expect(code).toBe(exitCode);
    expect(stdout).toContain(outcome.replace('_', ' '));
    expect(stdout).toContain('  Navidrome refused (upstream_refused)\n  hint: Start it.\n');
  });

  it('cancels the run at a signal, follows it to its end, and gives up at a second one', async () => {
    const host = await world.fakeHost(runs(record, record, record, { ...succeeded, outcome: 'cancelled' }));
    let sleeps = 0;
    world.onSleep = () => {
      if (++sleeps < 3) world.signal('SIGINT');
    };
    const { code } = await world.run('jobs', 'run', 'octogen/generate');
    expect(code).toBe(1);
    expect(host.requests.filter(({ path }) => path === '/api/v1/runs/r1/cancel')).toHaveLength(1);
    expect(world.aborted).toEqual([1]);
  });

  it('asks less often the longer it takes', async () => {
    await world.fakeHost(runs(...Array.from({ length: 12 }, () => record), succeeded));
    await world.run('jobs', 'run', 'octogen/generate');
    expect(world.slept[0]).toBe(100);
    expect(world.slept.at(-1)).toBe(1_000);
  });

  it('does not wait with --no-wait', async () => {
    await world.fakeHost(runs(record));
    const { stdout } = await world.run('jobs', 'run', 'octogen/generate', '--no-wait');
    expect(stdout).toBe('octogen/generate is accepted as run r1\n');
  });

  it.each([
    [['jobs', 'run', 'generate'], '"generate" is not the id of a job'],
    [['jobs', 'run', 'a/b', '--input', '{x'], '--input is not JSON'],
    [['jobs', 'history', '--limit', 'all'], '"all" is not a number'],
  ])('%j is refused as wrong use', async (args, message) => {
    const { code, stderr } = await world.run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('jobs history and cancel', () => {
  it('lists the latest runs, filtered by the host', async () => {
    const host = await world.fakeHost(({ path }) => ({
      json: path.startsWith('/api/v1/runs') ? { items: [succeeded, record], nextCursor: 'more' } : {},
    }));
    const { stdout } = await world.run(
      'jobs',
      'history',
      'octogen/generate',
      '--outcome',
      'failed',
      '--limit',
      '2',
    );
    expect(stdout).toMatch(/^r1 +octogen\/generate +2026-01-05T12:00:00.000Z +2\.5 s +succeeded +api$/m);
    expect(stdout).toMatch(/^r1 .* - +running +api$/m);
    expect(host.requests.at(-1)?.path).toBe('/api/v1/runs?job=octogen%2Fgenerate&outcome=failed');
  });

  it('cancels a run', async () => {
    const host = await world.fakeHost(runs(record));
    expect((await world.run('jobs', 'cancel', 'r1')).code).toBe(0);
    expect(host.requests.at(-1)).toMatchObject({ method: 'POST', path: '/api/v1/runs/r1/cancel' });
  });
});
