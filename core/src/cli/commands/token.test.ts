import { mkdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireOwner } from '../../storage/owner.js';
import { CliWorld } from '../cli.fixture.js';
import { parseExpiry } from './token.js';

let world: CliWorld;

beforeEach(() => {
  world = new CliWorld();
});

afterEach(() => world[Symbol.asyncDispose]());

describe('token, on the data folder', () => {
  it('creates, lists and revokes', async () => {
    const made = await world.run(
      'token',
      'create',
      'my script',
      '--scope',
      'read',
      'plugin:octogen',
      '--expires',
      '30d',
    );
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^atoll_[\w-]{43}\n$/);
    expect(made.stderr).toContain('only time');
    const list = JSON.parse((await world.run('token', 'list', '--json')).stdout) as {
      id: string;
      scopes: string[];
    }[];
    expect(list).toMatchObject([{ name: 'my script', scopes: ['read', 'plugin:octogen'] }]);
    expect(JSON.stringify(list)).not.toContain(made.stdout.trim());
    expect((await world.run('token', 'revoke', list[0]?.id ?? '')).code).toBe(0);
    expect((await world.run('token', 'list')).stdout).toBe('There are no tokens.\n');
    expect((await world.run('token', 'revoke', 'nobody')).code).toBe(1);
  });

  it('prints one document with --json', async () => {
    const { stdout } = await world.run('token', 'create', 'x', '--admin', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      token: expect.stringMatching(/^atoll_/),
      name: 'x',
      scopes: ['admin'],
    });
  });

  it('is refused while another process owns it, naming that process', async () => {
    mkdirSync(world.dataDir, { recursive: true });
    await using _owner = await acquireOwner(world.dataDir);
    const { code, stderr } = await world.run('token', 'list');
    expect(code).toBe(3);
    expect(stderr).toContain(`process ${process.pid}`);
  });

  it.each([
    [['token', 'create', 'x'], 'needs a scope'],
    [['token', 'create', 'x', '--scope', 'everything'], '"everything" is not a scope'],
    [['token', 'create', 'x', '--admin', '--expires', 'soon'], '"soon" is neither'],
    [['token', 'create', 'x', '--admin', '--expires', '2020-01-01'], 'expired already'],
  ])('%j is wrong use', async (args, message) => {
    const { code, stderr } = await world.run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('token, on a running host', () => {
  it('goes through its API', async () => {
    const record = {
      id: 't1',
      name: 'x',
      scopes: ['read'],
      createdAt: '2026-01-05T12:00:00.000Z',
      expiresAt: null,
      lastUsedAt: null,
    };
    const host = await world.fakeHost(({ method, path }) => {
      if (path === '/health/live') return { json: {} };
      if (method === 'POST') return { status: 201, json: { token: 'atoll_secret', ...record } };
      return method === 'DELETE' ? { status: 204 } : { json: { items: [record], nextCursor: null } };
    });
    expect((await world.run('token', 'create', 'x', '--scope', 'read')).stdout).toBe('atoll_secret\n');
    expect((await world.run('token', 'list')).stdout).toMatch(
      /^t1 +x +read +2026-01-05T12:00:00.000Z +- +-$/m,
    );
    expect((await world.run('token', 'revoke', 't1')).code).toBe(0);
    expect(host.requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/v1/tokens/t1' });
    expect(host.requests.find(({ method }) => method === 'POST')?.body).toEqual({
      name: 'x',
      scopes: ['read'],
    });
  });
});

describe('parseExpiry', () => {
  const now = Date.UTC(2026, 0, 5);
  it.each([
    ['12h', '2026-01-05T12:00:00.000Z'],
    ['30d', '2026-02-04T00:00:00.000Z'],
    ['2w', '2026-01-19T00:00:00.000Z'],
    ['2027-01-31', '2027-01-31T00:00:00.000Z'],
    ['2027-01-31T10:00:00Z', '2027-01-31T10:00:00.000Z'],
  ])('%s', (text, time) => {
    expect(parseExpiry(text, now).toISOString()).toBe(time);
  });
});
