import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { load, loadYaml } from './config.fixture.js';

describe('where the configuration is found', () => {
  it('is embedded defaults with every plugin enabled when there is no file', async () => {
    const config = await load({ env: { TZ: 'Europe/Berlin' } });
    expect(config.problems).toEqual([]);
    expect(config.file).toBeNull();
    expect(config.host).toMatchObject({
      http: { host: '127.0.0.1', port: 4700, trustedProxies: [], shutdownMs: 30_000 },
      storage: { directory: config.dataDir, url: `sqlite:${config.dataDir}` },
      log: { level: 'info', format: 'text', file: null, maxSizeBytes: 10 * 1024 ** 2, backups: 5 },
      timezone: 'Europe/Berlin',
      metrics: { enabled: true, port: null },
      circuit: { threshold: 5, resetMs: 60_000 },
      showProgress: null,
      adminToken: null,
    });
    expect([...config.plugins.keys()]).toEqual(['radio', 'plain']);
    expect(config.plugins.get('radio')).toMatchObject({
      enabled: true,
      required: false,
      schedules: {},
      problems: [],
    });
    expect(config.plugins.get('radio')?.config).toMatchObject({ size: 25, loud: false, server: {} });
  });

  it('takes ATOLL_CONFIG, then the working folder, then the data folder', async () => {
    const files = {
      'named/own.yml': 'http: {port: 1}',
      'atoll.yaml': 'http: {port: 2}',
      'store/atoll.json': '{"http": {"port": 3}}',
    };
    const named = await load({ files, env: { ATOLL_CONFIG: 'named/own.yml', ATOLL_DATA_DIR: 'store' } });
    expect(named.host.http.port).toBe(1);
    expect((await load({ files, env: { ATOLL_DATA_DIR: 'store' } })).host.http.port).toBe(2);
    const { 'atoll.yaml': _, ...others } = files;
    const stored = await load({ files: others, env: { ATOLL_DATA_DIR: 'store' } });
    expect(stored.host.http.port).toBe(3);
    expect(stored.dataDir).toBe(join(stored.file ?? '', '..'));
  });

  it('takes a file and a data folder of the command line before those of the environment', async () => {
    const files = { 'a.yaml': 'http: {port: 1}', 'b.yaml': 'http: {port: 2}' };
    const config = await load({
      files,
      file: 'b.yaml',
      dataDir: 'd1',
      env: { ATOLL_CONFIG: 'a.yaml', ATOLL_DATA_DIR: 'd2' },
    });
    expect(config.host.http.port).toBe(2);
    expect(config.dataDir.endsWith('/d1')).toBe(true);
  });

  it.each([
    ['missing.yaml', 'which does not exist'],
    ['.', 'which is no file'],
    ['odd.toml', 'ends in none of .yaml, .yml, .json'],
  ])('says what is wrong with ATOLL_CONFIG=%s', async (file, message) => {
    const config = await load({ files: { 'odd.toml': '' }, env: { ATOLL_CONFIG: file } });
    expect(config.problems).toMatchObject([
      { plugin: null, variable: 'ATOLL_CONFIG', message: expect.stringContaining(message) },
    ]);
  });

  it.each(['atoll.yaml', '.env'])('says so when %s is a folder', async (name) => {
    const config = await load({ files: { [`${name}/x`]: '' } });
    expect(config.problems).toMatchObject([
      { plugin: null, file: expect.stringContaining(name), hint: expect.any(String) },
    ]);
  });

  it('refuses a file that is far too large', async () => {
    const config = await loadYaml(`# ${'x'.repeat(1024 * 1024)}`);
    expect(config.problems).toMatchObject([{ message: 'is larger than 1 MiB' }]);
  });

  it('names the file it does not read beside the one it reads', async () => {
    const config = await load({ files: { 'atoll.yaml': '', 'atoll.json': '{}' } });
    expect(config.notices).toEqual([
      expect.stringMatching(/atoll\.yaml is used; .*atoll\.json beside it is not read/),
    ]);
  });

  it('reads the .env beside the file, and the working folder’s without a file', async () => {
    const files = {
      '.env': 'ATOLL_PORT=1\nATOLL_DATA_DIR=store\n',
      'store/atoll.yaml': 'timezone: UTC',
      'store/.env': 'ATOLL_PORT=2',
    };
    expect((await load({ files })).host.http.port).toBe(2);
    const { 'store/.env': _, ...without } = files;
    expect((await load({ files: without })).host.http.port).toBe(1);
    expect((await load({ files: { '.env': 'ATOLL_PORT=4' } })).host.http.port).toBe(4);
  });

  it('refuses ATOLL_CONFIG in .env', async () => {
    const config = await load({ files: { '.env': '\nATOLL_CONFIG=x.yaml' } });
    expect(config.problems).toMatchObject([
      { variable: 'ATOLL_CONFIG', line: 2, hint: 'set it in the environment' },
    ]);
  });
});

describe('what is stronger', () => {
  const files = { 'atoll.yaml': 'http: {port: 1}', '.env': 'ATOLL_PORT=2' };

  it('orders file, .env, environment and command line', async () => {
    const port = async (options: Parameters<typeof load>[0]): Promise<number> =>
      (await load(options)).host.http.port;
    expect(await port({})).toBe(4700);
    expect(await port({ files: { 'atoll.yaml': 'http: {port: 1}' } })).toBe(1);
    expect(await port({ files })).toBe(2);
    expect(await port({ files, env: { ATOLL_PORT: '3' } })).toBe(3);
    expect(await port({ files, env: { ATOLL_PORT: '3', ATOLL__HTTP__PORT: '4' } })).toBe(4);
    expect(await port({ files, env: { ATOLL_PORT: '3' }, overrides: { http: { port: '5' } } })).toBe(5);
  });

  it('tells which settings the file cannot change', async () => {
    const config = await load({ files, env: { RADIO_SIZE: '7' }, overrides: { timezone: 'UTC' } });
    expect(config.overridden).toEqual([
      { path: 'http.port', plugin: null, source: '.env', variable: 'ATOLL_PORT' },
      { path: 'plugins.radio.config.size', plugin: 'radio', source: 'environment', variable: 'RADIO_SIZE' },
      { path: 'timezone', plugin: null, source: 'command line', variable: null },
    ]);
  });

  it('refuses wrong values of the command line', async () => {
    const config = await load({ overrides: { http: { port: 'many' }, lgo: { level: 'info' } } });
    expect(config.problems).toMatchObject([
      { path: 'http.port', message: 'must be a number, not "many"', file: null, variable: null },
      { path: 'lgo', message: 'is an unknown key', hint: 'did you mean log?' },
    ]);
  });

  it('counts an empty variable as not set', async () => {
    const config = await load({ files, env: { ATOLL_PORT: '', RADIO_URL: ' ', RADIO_SIZE: '' } });
    expect(config.problems).toEqual([]);
    expect(config.host.http.port).toBe(2);
  });

  it('lets a variable for one key win over one for the object around it', async () => {
    const env = {
      ATOLL__PLUGINS__RADIO__CONFIG: '{"size": 3, "mode": "lively"}',
      ATOLL__PLUGINS__RADIO__CONFIG__SIZE: '4',
    };
    expect((await load({ env })).plugins.get('radio')?.config).toMatchObject({ size: 4, mode: 'lively' });
  });
});
