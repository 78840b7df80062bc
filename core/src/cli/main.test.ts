import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { version } from '../version.js';
import { CliWorld } from './cli.fixture.js';
import { commandLoaders } from './command-loaders.js';

let world: CliWorld;

beforeEach(() => {
  world = new CliWorld();
});

afterEach(() => world[Symbol.asyncDispose]());

describe('the program', () => {
  it('prints its version', async () => {
    expect(await world.run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('lists every command and every plugin in its help', async () => {
    const { code, stdout } = await world.run('--help');
    expect(code).toBe(0);
    for (const name of [...commandLoaders.keys(), 'radio']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });

  it('shows the options of a command, and those that all have', async () => {
    const { code, stdout } = await world.run('jobs', 'run', '--help');
    expect(code).toBe(0);
    expect(stdout).toContain('--input <json>');
    expect(stdout).toContain('--json');
  });

  it('shows its help for nothing, and says by its exit code that this is no use', async () => {
    const { code, stderr } = await world.run();
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: atoll');
  });

  it.each([
    ['an unknown command', ['jbos'], /unknown command 'jbos'/],
    ['a name that every object has', ['constructor'], /unknown command 'constructor'/],
    ['an unknown subcommand', ['jobs', 'lsit'], /unknown command 'lsit'[\s\S]*Did you mean list/],
    ['an unknown option', ['jobs', 'list', '--jsno'], /unknown option '--jsno'/],
    ['a missing argument', ['jobs', 'run'], /missing required argument 'job'/],
    ['an option without its value', ['jobs', 'list', '--data'], /argument missing/],
  ])('refuses %s with a hint and exit code 2', async (_what, args, message) => {
    const { code, stdout, stderr } = await world.run(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^atoll: /);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('hint: ');
  });

  it('says the same as one JSON document with --json', async () => {
    const { code, stderr } = await world.run('jbos', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({
      code: 'usage',
      status: 400,
      detail: expect.stringContaining('jbos'),
    });
  });
});

describe('without a host', () => {
  it.each([
    [['plugins', 'list']],
    [['jobs', 'list']],
    [['jobs', 'history']],
    [['jobs', 'cancel', 'r1']],
    [['jobs', 'run', 'a/b', '--no-wait']],
  ])('atoll %j says that there is none and how to start one', async (args) => {
    const { code, stderr } = await world.run(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(`no host runs on the data folder ${world.dataDir}`);
    expect(stderr).toContain('atoll start');
  });

  it('takes a socket that a killed host left behind for none', async () => {
    const { writeFileSync, mkdirSync } = await import('node:fs');
    mkdirSync(world.dataDir);
    writeFileSync(`${world.dataDir}/atoll.sock`, '');
    expect((await world.run('jobs', 'list')).stderr).toContain('no host runs');
  });
});

describe('a host at an address', () => {
  it('is asked with the token', async () => {
    const host = await world.fakeHost(() => ({ json: { items: [], nextCursor: null } }), 'port');
    world.env = { ATOLL_URL: `${host.url}/base/`, ATOLL_TOKEN: 'from-env' };
    await world.run('jobs', 'list');
    await world.run('jobs', 'list', '--url', host.url, '--token', 'from-line');
    expect(host.requests).toMatchObject([
      { path: '/base/api/v1/jobs', authorization: 'Bearer from-env' },
      { path: '/api/v1/jobs', authorization: 'Bearer from-line' },
    ]);
  });

  it.each([
    [401, 'unauthorized', 3, 'ATOLL_TOKEN'],
    [403, 'forbidden', 3, ''],
    [409, 'conflict', 3, ''],
    [400, 'bad_request', 2, ''],
    [404, 'not_found', 1, ''],
    [503, 'unavailable', 1, ''],
  ])('that answers %d (%s) ends the command with %d', async (status, code, exitCode, hint) => {
    const json = { detail: 'what it says', code, errors: [] };
    const host = await world.fakeHost(() => ({ status, json }), 'port');
    const result = await world.run('jobs', 'list', '--url', host.url);
    expect(result.code).toBe(exitCode);
    expect(result.stderr).toContain('atoll: what it says');
    expect(result.stderr).toContain(hint);
    const asJson = await world.run('jobs', 'list', '--url', host.url, '--json');
    expect(JSON.parse(asJson.stderr)).toMatchObject({ status, code, detail: 'what it says' });
  });

  it.each([
    ['is no Atoll', { text: '<html>' }, 'no JSON'],
    ['is no Atoll and fails', { status: 502, text: '<html>' }, 'status 502'],
  ])('that %s is said to be none', async (_what, answer, message) => {
    const host = await world.fakeHost(() => answer, 'port');
    const { code, stderr } = await world.run('jobs', 'list', '--url', host.url);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).toContain('ATOLL_URL');
  });

  it('that is not there, and an address that is none, are named', async () => {
    const gone = await world.run('jobs', 'list', '--url', 'http://127.0.0.1:1');
    expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining('http://127.0.0.1:1') });
    const wrong = await world.run('jobs', 'list', '--url', 'localhost:4700');
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"localhost:4700" is not the address'),
    });
  });
});
