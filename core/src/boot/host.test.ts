import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definePlugin, type PluginDefinition, z } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogLine } from '../logging/log-line.js';
import { inMemoryPlugin } from '../plugins/plugin-services.fixture.js';
import { Host } from './host.js';
import type { HostOptions } from './host-options.js';

let folder: string;
let lines: LogLine[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atoll-host-'));
  lines = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const tide = definePlugin({
  id: 'tide',
  name: 'Tide',
  config: z.strictObject({
    url: z.string().default('http://sea'),
    password: z
      .string()
      .default('')
      .meta({ secret: true, env: ['TIDE_PASSWORD'] }),
  }),
  setup(ctx) {
    ctx.logger.info(`the password is ${ctx.config.password}`);
    ctx.http.routes((app) => {
      app.get('/level', { schema: { response: { 200: z.object({ url: z.string() }) } } }, () => ({
        url: ctx.config.url,
      }));
    });
    ctx.jobs.define({ name: 'measure', run: () => 'high' });
  },
}) as PluginDefinition;

const options = (over: Partial<HostOptions> = {}): HostOptions => ({
  cwd: folder,
  env: {},
  secretsDir: join(folder, 'none'),
  overrides: { http: { port: 0 } },
  plugins: [inMemoryPlugin(tide)],
  stdout: { write: () => true },
  onLog: (line) => lines.push(line),
  ...over,
});

async function start(over: Partial<HostOptions> = {}): Promise<Host> {
  const host = await Host.create(options(over));
  await host.start();
  return host;
}

describe('a host', () => {
  it('serves its plugins on its port to holders of the token of the first start', async () => {
    await using host = await start();
    const call = (token: string) =>
      fetch(`${host.urls[0]}/api/plugins/tide/level`, { headers: { authorization: `Bearer ${token}` } });
    expect((await call('atoll_wrong')).status).toBe(401);
    const answer = await call(host.firstToken!);
    expect(await answer.json()).toEqual({ url: 'http://sea' });
    expect((await fetch(`${host.urls[0]}/health/ready`)).status).toBe(200);
  });

  it('makes the first token once, and keeps runs and tokens across a restart', async () => {
    const first = await start();
    const { runId } = await first.parts.jobs.run('tide/measure', {}, { trigger: 'api' });
    expect(await first.parts.jobs.settled(runId)).toMatchObject({ outcome: 'succeeded', result: 'high' });
    const token = first.firstToken!;
    await first.stop();

    await using second = await start();
    expect(second.firstToken).toBeNull();
    const answer = await second.request({ url: `/api/v1/runs/${runId}`, token });
    expect(answer.json()).toMatchObject({ job: 'tide/measure', outcome: 'succeeded' });
  });

  it('tells the start in one block and as a report', async () => {
    await using host = await start();
    const messages = lines.map(({ message }) => message);
    expect(messages.find((message) => message.startsWith('Atoll '))).toContain(
      `data in ${join(folder, 'data')}`,
    );
    expect(messages).toContain('Tide 1.0.0 (tide) is running');
    const report = (await host.request({ url: '/api/v1/startup' }, 'owner')).json<{ steps: object[] }>();
    expect(report).toMatchObject({ complete: true });
    expect(report.steps).toContainEqual(
      expect.objectContaining({ name: 'start', plugin: 'tide', outcome: 'done' }),
    );
  });

  it('says everything that is wrong with the configuration, of host and plugins alike', async () => {
    await writeFile(
      join(folder, 'atoll.yaml'),
      'http:\n  prot: 4700\nplugins:\n  tide:\n    config:\n      ulr: x\n',
    );
    await expect(Host.create(options())).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(/prot(.|\n)*port(.|\n)*ulr/),
    });
  });

  it('starts without a plugin whose settings are wrong, and with it once they are mended', async () => {
    const file = join(folder, 'atoll.yaml');
    await writeFile(file, 'plugins:\n  tide:\n    config:\n      ulr: x\n');
    await using host = await start();
    expect(host.plugins.describe('tide')).toMatchObject({
      state: 'invalid_config',
      reason: expect.stringContaining('ulr'),
    });
    expect((await host.request({ url: '/api/plugins/tide/level' }, 'owner')).statusCode).toBe(503);

    await writeFile(file, 'plugins:\n  tide:\n    config:\n      url: http://lake\n');
    await host.plugins.restart('tide');
    expect((await host.request({ url: '/api/plugins/tide/level' }, 'owner')).json()).toEqual({
      url: 'http://lake',
    });
  });

  it('never runs the code of a disabled plugin until it is enabled', async () => {
    await writeFile(join(folder, 'atoll.yaml'), 'plugins:\n  tide:\n    enabled: false\n');
    let loaded = 0;
    const plugin = {
      ...inMemoryPlugin(tide),
      load: async () => {
        loaded++;
        return tide;
      },
    };
    await using host = await start({ plugins: [plugin] });
    expect(loaded).toBe(0);
    expect(host.plugins.describe('tide')?.state).toBe('disabled');
    await host.plugins.enable('tide');
    expect(host.plugins.describe('tide')?.state).toBe('running');
  });

  it('keeps secrets out of the log', async () => {
    await using _host = await start({ env: { TIDE_PASSWORD: 'herring-42-gull' } });
    expect(lines.map(({ message }) => message)).toContain('the password is ***');
    expect(JSON.stringify(lines)).not.toContain('herring-42-gull');
  });

  it('leaves nothing behind when it cannot listen', async () => {
    await using first = await start();
    const port = Number(new URL(first.urls[0]!).port);
    const other = { dataDir: join(folder, 'other'), overrides: { http: { port } } };
    await expect(start(other)).rejects.toMatchObject({
      code: 'listen_failed',
      hint: expect.stringContaining('ATOLL_PORT'),
    });
    await using _again = await start({ dataDir: join(folder, 'other') });
  });

  it('refuses a second host on its data folder, naming the first', async () => {
    await using _first = await start();
    await expect(start()).rejects.toMatchObject({
      code: 'storage_owned',
      message: expect.stringContaining(String(process.pid)),
    });
  });

  it('writes log lines to the configured file as well', async () => {
    const file = join(folder, 'logs/atoll.log');
    const host = await start({ overrides: { http: { port: 0 }, log: { file, format: 'json' } } });
    await host.stop();
    const written = (await readFile(file, 'utf8')).trim().split('\n');
    for (const line of written) {
      expect(JSON.parse(line)).toMatchObject({
        timestamp: expect.stringMatching(/Z$/),
        level: expect.any(String),
        logger: expect.any(String),
        message: expect.any(String),
      });
    }
    expect(written.length).toBeGreaterThan(3);
  });

  it('serves no metrics at all when they are switched off', async () => {
    await using on = await start();
    expect((await on.request({ url: '/metrics' }, 'owner')).statusCode).toBe(200);
    await using off = await start({ dataDir: join(folder, 'off'), env: { METRICS_ENABLED: 'false' } });
    expect((await off.request({ url: '/metrics' }, 'owner')).statusCode).toBe(404);
  });
});
