import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliWorld } from './cli.fixture.js';

let world: CliWorld;

beforeEach(() => {
  world = new CliWorld();
});

afterEach(() => world[Symbol.asyncDispose]());

describe('commands of a plugin', () => {
  it('are listed in its help', async () => {
    const { code, stdout } = await world.run('radio', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('tune [options] <station> [more...]');
  });

  it('get their arguments and options, and set the exit code', async () => {
    const { code, stdout } = await world.run('radio', 'tune', 'one', 'two', 'three', '--loud');
    expect(code).toBe(4);
    expect(stdout).toBe('tuned to one+two+three\n');
    const json = await world.run('radio', 'tune', 'one', '--json', '--band', 'am');
    expect(JSON.parse(json.stdout)).toEqual({ args: ['one'], options: { band: 'am' } });
    expect(json.code).toBe(0);
  });

  it('refuse what they do not take', async () => {
    expect(await world.run('radio', 'tune')).toMatchObject({ code: 2 });
    expect(await world.run('radio', 'sing')).toMatchObject({ code: 2 });
    expect(await world.run('radio', 'tune', 'x', '--quiet')).toMatchObject({ code: 2 });
  });

  it('run a job on the plugin started for it, when no host runs', async () => {
    const { code, stdout, stderr } = await world.run('radio', 'play');
    expect(stderr).not.toContain('hint');
    expect(stdout).toBe('succeeded: {"played":"Blue"}\n');
    expect(code).toBe(0);
    const json = JSON.parse((await world.run('radio', 'play', '--json')).stdout);
    expect(json).toMatchObject({ run: { job: 'radio/play', trigger: 'cli' }, jobs: ['radio/play'] });
  });

  it('run a job on the host that runs', async () => {
    const run = {
      id: 'r1',
      job: 'radio/play',
      state: 'finished',
      outcome: 'succeeded',
      progress: { value: 1 },
      result: 7,
    };
    const host = await world.fakeHost(({ path }) => {
      if (path === '/api/v1/jobs/radio%2Fplay/run') return { status: 202, json: { runId: 'r1' } };
      return { json: path === '/api/v1/runs/r1' ? run : { items: [], nextCursor: null } };
    });
    expect((await world.run('radio', 'play')).stdout).toBe('succeeded: 7\n');
    expect(host.requests.find(({ method }) => method === 'POST')?.body).toEqual({ input: { title: 'Blue' } });
  });
});

describe('jobs run without a host', () => {
  it('starts the plugin of the job alone and ends with the result', async () => {
    const { code, stdout } = await world.run('jobs', 'run', 'radio/play', '--input', '{"title":"Red"}');
    expect(stdout).toMatch(/^radio\/play succeeded after \d+ ms/);
    expect(stdout).toContain('"played": "Red"');
    expect(code).toBe(0);
  });

  it.each([
    ['a run that fails', ['radio/play', '--input', '{"title":"noise"}'], 1, 'that hurts'],
    ['an input that is wrong', ['radio/play', '--input', '{"tilte":"x"}'], 2, 'tilte'],
    ['a job that is not there', ['radio/sing'], 1, 'radio/sing'],
    ['a plugin that is not there', ['tv/play'], 1, 'no plugin "tv"'],
  ])('tells of %s', async (_what, args, exitCode, message) => {
    const { code, stdout, stderr } = await world.run('jobs', 'run', ...args);
    expect(stdout + stderr).toContain(message);
    expect(code).toBe(exitCode);
  });

  it('says why a plugin cannot run', async () => {
    writeFileSync(join(world.cwd, 'atoll.yaml'), 'plugins:\n  radio:\n    enabled: false\n');
    const disabled = await world.run('jobs', 'run', 'radio/play');
    expect(disabled).toMatchObject({ code: 1, stderr: expect.stringContaining('radio is disabled') });
    writeFileSync(join(world.cwd, 'atoll.yaml'), 'plugins:\n  radio:\n    config:\n      ulr: x\n');
    const invalid = await world.run('jobs', 'run', 'radio/play');
    expect(invalid.stderr).toMatch(/radio is invalid config: .*ulr/);
    expect(invalid.code).toBe(1);
  });
});

describe('migrate', () => {
  it('tells where the databases stand', async () => {
    expect((await world.run('migrate', 'status')).stdout).toBe('There are no databases yet.\n');
    await world.run('jobs', 'run', 'radio/play');
    const { code, stdout } = await world.run('migrate', 'status');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^radio +\d+ +001_songs/m);
    const statuses = JSON.parse((await world.run('migrate', 'status', '--json')).stdout);
    expect(statuses).toMatchObject([
      { name: 'host', pending: [], unknown: [] },
      { name: 'radio', pending: [], unknown: [], known: true },
    ]);
    world.plugins = [];
    expect((await world.run('migrate', 'status')).stdout).toMatch(/^radio .*not installed/m);
  });

  it('says so when there is nothing to roll back', async () => {
    expect(await world.run('migrate', 'rollback', 'radio')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There are: none'),
    });
    await world.run('jobs', 'run', 'radio/play');
    expect(await world.run('migrate', 'rollback', 'radio')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no copy'),
    });
  });
});
