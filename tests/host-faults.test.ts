import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { RunRecord } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AtollFolder } from './support/atoll-folder.ts';
import { freePort } from './support/free-port.ts';
import { probePlugin, repository } from './support/repository.ts';
import { cannotMount, SmallDisk } from './support/small-disk.ts';

let folder: AtollFolder;

beforeEach(() => {
  folder = new AtollFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

describe('a start that cannot be', () => {
  it('names the port that is in use, and leaves the data folder free', async () => {
    const port = await freePort();
    const squatter = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');

    const refused = await folder.cli('start', '--port', String(port));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`Cannot listen on 127.0.0.1:${port}: the port is in use.`);
    expect(refused.stderr).toContain('hint: Stop the program that uses it, or choose another port');
    squatter.close();

    const host = await folder.start({ port });
    expect((await host.stop()).code).toBe(0);
  });

  it('names the owner of a data folder that it may not write, and the cure', async () => {
    mkdirSync(folder.dataDir);
    // Root may write anywhere, so the folder is made another user's; anybody else is simply shut out.
    if (process.getuid?.() === 0) chownSync(folder.dataDir, 65_534, 65_534);
    else chmodSync(folder.dataDir, 0o500);

    const refused = await folder.cli('start', '--port', String(await freePort()));
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`The data folder ${folder.dataDir} belongs to`);
    expect(refused.stderr).toMatch(/hint: .*chown -R .*ATOLL_DATA_DIR/);
  });

  it('says that a data folder is on a disk that takes no writes', async ({ skip }) => {
    const obstacle = cannotMount();
    if (obstacle !== null) skip(`this sandbox mounts nothing: ${obstacle}`);
    await using disk = new SmallDisk(1024 * 1024);
    mkdirSync(join(disk.path, 'old'));
    disk.makeReadOnly();

    for (const data of ['old', 'new', 'new/within'].map((name) => join(disk.path, name))) {
      const refused = await folder.cli('start', '--data', data);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`The data folder ${data} is on a read-only file system.`);
      expect(refused.stderr).toMatch(/hint: .*ATOLL_DATA_DIR/);
    }
  });

  it('is refused on a data folder that has a host, which goes on', async () => {
    const host = await folder.start();

    const refused = await folder.cli('start', '--port', String(await freePort()));
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(`The data folder ${folder.dataDir} is in use by process ${host.pid}`);
    expect((await host.request('/health/ready')).status).toBe(200);
    expect((await folder.cli('plugins', 'list')).code).toBe(0);
  });

  it('shows all problems of the configuration at once, each with its place and a hint', async () => {
    folder.write(
      'atoll.yaml',
      [
        'http:',
        '  prot: 4701',
        'log:',
        '  level: loud',
        'timezone: Mars/Olympus',
        'plugins:',
        '  probe:',
        '    schedules:',
        '      wait-once: "61 * * * *"',
        '    config:',
        '      apiKey: changeme',
        '      limit: 99',
        '  octogon:',
        '    enabled: true',
      ].join('\n'),
    );
    const refused = await folder.cli('start', '--plugin', probePlugin);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toMatch(/^atoll: The configuration has 7 problems:\n\natoll\.yaml\n/);
    const problems = [...refused.stderr.matchAll(/^ {2}(\d+:\d+) {2}(\S+) /gm)];
    expect(problems.map(([, place, setting]) => `${place} ${setting}`)).toEqual([
      '2:3 http.prot',
      '4:10 log.level',
      '5:11 timezone',
      '9:18 plugins.probe.schedules.wait-once',
      '11:15 plugins.probe.config.apiKey',
      '12:14 plugins.probe.config.limit',
      '13:3 plugins.octogon',
    ]);
    expect(refused.stderr).toContain('hint: did you mean port?');
    expect(refused.stderr).toContain('hint: did you mean octogen?');
    expect(refused.stderr).not.toContain('    at ');
  });

  it('leaves out only the plugin whose own settings are wrong', async () => {
    folder.write('atoll.yaml', 'plugins:\n  probe:\n    config:\n      limit: 99\n');
    const host = await folder.start({ plugins: [probePlugin] });
    const { state, reason } = await host.plugin('probe');
    expect(state).toBe('invalid_config');
    expect(reason).toMatch(/plugins\.probe\.config\.limit .*10.*atoll\.yaml:4/);
    expect(await host.plugin('octogen')).toMatchObject({ state: 'running' });
    expect((await host.request('/api/plugins/probe/notes')).status).toBe(503);
  });
});

describe('a full disk', () => {
  it('is told to whoever writes, ends nothing, and is over when there is space', async ({ skip }) => {
    const obstacle = cannotMount();
    if (obstacle !== null) skip(`this sandbox mounts nothing: ${obstacle}`);
    await using disk = new SmallDisk(16 * 1024 * 1024);
    const dataDir = join(disk.path, 'data');
    const host = await folder.start({ dataDir, plugins: [probePlugin] });
    const keep = () =>
      host.request('/api/plugins/probe/notes', { method: 'POST', body: { text: 'x'.repeat(100_000) } });
    expect((await keep()).status).toBe(201);
    {
      using _full = disk.fill();
      const refused = await keep();
      expect(refused.status).toBe(507);
      expect(refused.json()).toMatchObject({ status: 507, code: 'disk_full' });
      const run = await host.request('/api/v1/jobs/probe%2Fquick/run', { method: 'POST', body: {} });
      expect([run.status, run.json<{ code: string }>().code]).toEqual([507, 'disk_full']);
      expect((await host.request('/api/plugins/probe/notes')).json()).toEqual({ count: 1 });
      expect((await host.request('/health/live')).status).toBe(200);
    }
    expect((await keep()).status).toBe(201);
    expect(await host.runIn('finished', await host.accept('probe/quick'))).toMatchObject({
      outcome: 'succeeded',
    });
    expect((await host.stop()).code).toBe(0);

    using _full = disk.fill();
    const refused = await folder.cli('start', '--data', dataDir);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/hint: .*(space|disk)/i);
  });
});

describe('a clock that is set back', () => {
  it('harms neither runs nor their order, at run time or while the host is down', async () => {
    const clock = folder.write('clock', '0');
    const moved = {
      plugins: [probePlugin],
      env: {
        ATOLL_TEST_CLOCK: clock,
        NODE_OPTIONS: `--import=${join(repository, 'tests', 'support', 'movable-clock.mjs')}`,
      },
    };
    const runs: string[] = [];
    let host = await folder.start(moved);
    const runOnce = async () => {
      const run = await host.runIn('finished', await host.accept('probe/quick'));
      expect(run.outcome).toBe('succeeded');
      expect(Date.parse(run.finishedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(run.startedAt ?? ''));
      runs.unshift(run.id);
    };
    await runOnce();
    writeFileSync(clock, String(-3 * 3_600_000));
    await runOnce();
    expect((await host.stop()).code).toBe(0);

    writeFileSync(clock, String(-30 * 86_400_000));
    host = await folder.start(moved);
    await runOnce();
    const { items } = await host.call<{ items: RunRecord[] }>('/api/v1/runs?job=probe/quick');
    expect(items.map(({ id }) => id)).toEqual(runs);
    const { checks } = await host.call<{ checks: Record<string, { status: string; plugin: string | null }> }>(
      '/api/v1/health',
    );
    const ill = Object.entries(checks).filter(
      ([, { plugin, status }]) => plugin === null && status !== 'healthy',
    );
    expect(ill).toEqual([]);
    expect((await host.stop()).code).toBe(0);
  });
});
