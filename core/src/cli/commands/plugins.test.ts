import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliWorld } from '../cli.fixture.js';

let world: CliWorld;

beforeEach(() => {
  world = new CliWorld();
});

afterEach(() => world[Symbol.asyncDispose]());

const octogen = {
  id: 'octogen',
  name: 'OctoGen',
  version: '0.1.0',
  state: 'degraded',
  reason: 'Navidrome is away',
  health: 'degraded',
};

describe('plugins', () => {
  it('are listed with state, health and reason', async () => {
    await world.fakeHost(() => ({ json: { items: [octogen], nextCursor: null } }));
    const { code, stdout } = await world.run('plugins', 'list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^octogen +OctoGen +0\.1\.0 +degraded +degraded +Navidrome is away$/m);
  });

  it.each(['enable', 'disable', 'restart'])('%s asks the host and tells the state after', async (action) => {
    const host = await world.fakeHost(({ method }) => ({ json: method === 'POST' ? octogen : {} }));
    const { code, stdout, stderr } = await world.run('plugins', action, 'octogen');
    expect(code).toBe(0);
    expect(stdout).toBe('octogen is degraded: Navidrome is away\n');
    expect(stderr.includes('config file')).toBe(action !== 'restart');
    expect(host.requests).toContainEqual(
      expect.objectContaining({ method: 'POST', path: `/api/v1/plugins/octogen/${action}` }),
    );
  });

  it.each([
    ['healthy', 0],
    ['unhealthy', 1],
  ])('check shows the results; one that is %s exits with %d', async (status, exitCode) => {
    const items = [{ name: 'navidrome', status, message: 'as it is', hint: 'do this' }];
    await world.fakeHost(({ method }) => ({ json: method === 'POST' ? { items } : {} }));
    const { code, stdout } = await world.run('plugins', 'check', 'octogen');
    expect(code).toBe(exitCode);
    expect(stdout).toMatch(new RegExp(`^navidrome +${status} +as it is +do this$`, 'm'));
    expect(JSON.parse((await world.run('plugins', 'check', 'octogen', '--json')).stdout)).toEqual(items);
  });
});
