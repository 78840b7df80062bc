import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliWorld } from '../cli.fixture.js';

let world: CliWorld;

beforeEach(() => {
  world = new CliWorld();
});

afterEach(() => world[Symbol.asyncDispose]());

/** Starts a host, waits until it has printed `text`, does something with it, and ends it. */
async function started(text: string, then: () => Promise<void>, ...args: string[]) {
  const seen = Promise.withResolvers<void>();
  world.onPrint = (stdout) => {
    if (stdout.includes(text)) seen.resolve();
  };
  const ended = world.run('start', '--port', '0', ...args);
  await Promise.race([seen.promise, ended]);
  await then();
  world.signal('SIGTERM');
  return ended;
}

describe('start', () => {
  it('prints the admin token at the first start only, and ends at a signal', async () => {
    const first = await started('It is shown only now', async () => {
      const list = await world.run('plugins', 'list');
      expect(list.stdout).toMatch(/^radio +Radio +1\.2\.3 +running/m);
      const run = await world.run('jobs', 'run', 'radio/play');
      expect(run.stdout).toContain('succeeded');
      expect((await world.run('jobs', 'history')).stdout).toMatch(/radio\/play .* succeeded +cli/);
      expect((await world.run('plugins', 'restart', 'radio')).stdout).toBe('radio is running\n');
      expect((await world.run('plugins', 'disable', 'radio')).stdout).toMatch(/^radio is disabled/);
      expect((await world.run('token', 'create', 'x', '--scope', 'read')).stdout).toMatch(/^atoll_/);
      expect((await world.run('check', '--connect')).stdout).toContain('The configuration has no problems.');
      const second = await world.run('start', '--port', '0');
      expect(second).toMatchObject({ code: 3, stderr: expect.stringContaining(`process ${process.pid}`) });
    });
    expect(first.code).toBe(0);
    expect(first.stdout.match(/atoll_[\w-]{43}/g)).toHaveLength(1);
    expect(first.stdout).toContain('SIGTERM received');
    expect(world.listensForSignals).toBe(false);
    const again = await started('Atoll ', async () => undefined);
    expect(again.code).toBe(0);
    expect(again.stdout).not.toMatch(/atoll_[\w-]{43}/);
  });

  it('prints nothing but JSON where lines are JSON', async () => {
    world.env = { LOG_FORMAT: 'json' };
    const { stdout } = await started('"token"', async () => undefined);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const line of lines) {
      expect(line).toMatchObject({
        timestamp: expect.stringMatching(/Z$/),
        level: expect.any(String),
        logger: expect.any(String),
        message: expect.any(String),
      });
    }
    expect(lines.filter(({ token }) => typeof token === 'string')).toHaveLength(1);
  });

  it('refuses a port in use, and one that is none, saying what to set', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const taken = await world.run('start', '--port', port);
    server.close();
    expect(taken.code).toBe(1);
    expect(taken.stderr).toMatch(/port is in use[\s\S]*hint: .*ATOLL_PORT/);
    const wrong = await world.run('start', '--port', 'http');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('http.port');
    const json = await world.run('start', '--port', '99999', '--json');
    expect(JSON.parse(json.stderr)).toMatchObject({
      code: 'config_invalid',
      errors: [{ path: 'http.port' }],
    });
  });

  it('tells every problem of the configuration', async () => {
    writeFileSync(join(world.cwd, 'atoll.yaml'), 'log:\n  level: loud\nhttp:\n  port: no\n');
    const { code, stderr } = await world.run('start');
    expect(code).toBe(1);
    expect(stderr).toMatch(/2 problems[\s\S]*level[\s\S]*port/);
  });

  it('ends the process at a second signal', async () => {
    await started('It is shown only now', async () => {
      world.signal('SIGINT');
      world.signal('SIGINT');
    });
    expect(world.aborted[0]).toBe(1);
  });
});
