import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliWorld } from '../cli.fixture.js';
import { radioPlugin } from '../radio-plugin.fixture.js';

let world: CliWorld;

beforeEach(() => {
  world = new CliWorld();
});

afterEach(() => world[Symbol.asyncDispose]());

describe('init', () => {
  it('writes both files, once', async () => {
    expect((await world.run('init')).code).toBe(0);
    const file = join(world.cwd, 'atoll.yaml');
    expect(readFileSync(file, 'utf8')).toContain('radio:');
    expect(existsSync(join(world.cwd, '.env.example'))).toBe(true);
    writeFileSync(file, '# mine\n');
    const again = await world.run('init');
    expect(again.code).toBe(3);
    expect(again.stderr).toContain('--force');
    expect(readFileSync(file, 'utf8')).toBe('# mine\n');
    expect((await world.run('init', '--force', '--json')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toContain('radio:');
  });

  it('makes the folder, and says so where it cannot', async () => {
    expect((await world.run('init', 'deep/er')).code).toBe(0);
    expect(existsSync(join(world.cwd, 'deep', 'er', 'atoll.yaml'))).toBe(true);
    writeFileSync(join(world.cwd, 'file'), '');
    expect(await world.run('init', 'file')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('hint:'),
    });
  });
});

describe('schema', () => {
  it('is a JSON Schema that knows the plugins', async () => {
    const { code, stdout } = await world.run('schema');
    expect(code).toBe(0);
    const schema = JSON.parse(stdout) as { properties: { plugins: { properties: Record<string, unknown> } } };
    expect(schema.properties.plugins.properties).toHaveProperty('radio');
  });
});

describe('check', () => {
  it('is content with no config at all', async () => {
    const { code, stdout } = await world.run('check');
    expect(stdout).toContain('The configuration has no problems.');
    expect(stdout).toMatch(/^radio +yes/m);
    expect(stdout).toMatch(/^LOG_LEVEL +- +log\.level$/m);
    expect(code).toBe(0);
    expect(existsSync(world.dataDir)).toBe(false);
  });

  it('lists every problem with file and line, and exits with 1', async () => {
    writeFileSync(join(world.cwd, 'atoll.yaml'), 'http:\n  prot: 1\nlog:\n  level: loud\n');
    const { code, stdout } = await world.run('check');
    expect(code).toBe(1);
    expect(stdout).toContain('2 problems');
    expect(stdout).toMatch(/atoll\.yaml[\s\S]*2:3 .*prot[\s\S]*4:\d+ .*level/);
    expect(stdout).toContain('hint: ');
    const report = JSON.parse((await world.run('check', '--json')).stdout);
    expect(report.problems).toMatchObject([{ line: 2 }, { line: 4 }]);
  });

  it('tells which variable sets what, never to what', async () => {
    world.env = { LOG_LEVEL: 'debug', ATOLL_ADMIN_TOKEN: 'a-very-secret-token-indeed' };
    const { stdout } = await world.run('check');
    expect(stdout).toMatch(/^LOG_LEVEL +environment +log\.level$/m);
    expect(stdout).not.toContain('a-very-secret');
  });

  it('names a plugin whose code cannot be loaded', async () => {
    const broken = radioPlugin();
    world.plugins = [{ ...broken, load: () => Promise.reject(new Error('Cannot find module')) }];
    expect(await world.run('check')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('Cannot find module'),
    });
    const { stderr, code } = await world.run('init');
    expect(stderr).toContain('The plugin radio is left out: Cannot find module');
    expect(code).toBe(0);
  });

  it('tests the connections with --connect, once the host could start', async () => {
    const connected = await world.run('check', '--connect');
    expect(connected.stdout).toMatch(/^radio +tower +healthy +on air$/m);
    expect(connected.code).toBe(0);
    world.env = { RADIO_URL: 'http://127.0.0.1:1' };
    const away = await world.run('check', '--connect');
    expect(away.stdout).toMatch(
      /^radio +tower +unhealthy +no tower at http:\/\/127\.0\.0\.1:1; hint: Look outside\.$/m,
    );
    expect(away.code).toBe(1);
    writeFileSync(join(world.cwd, 'atoll.yaml'), 'http: 1\n');
    expect((await world.run('check', '--connect')).stderr).toContain('not tested');
  });

  it('names a package that is no plugin', async () => {
    world.plugins = undefined;
    const { code, stdout } = await world.run('check', '--plugin', 'nowhere');
    expect(code).toBe(1);
    expect(stdout).toContain(join(world.cwd, 'nowhere'));
  });
});
