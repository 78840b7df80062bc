import { copyFileSync, existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AtollFolder } from './support/atoll-folder.ts';
import { probePlugin } from './support/repository.ts';

let folder: AtollFolder;

beforeEach(() => {
  folder = new AtollFolder();
});

afterEach(() => folder[Symbol.asyncDispose]());

const cli = (...args: string[]) => folder.cli('--plugin', probePlugin, ...args);

/** The JSON that a command prints. */
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await cli(...args, '--json');
  expect(stderr.split('\n').filter((line) => line.startsWith('atoll:'))).toEqual([]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as T;
}

describe('a first acquaintance', () => {
  it('says its version and what it can do', async () => {
    expect(await folder.cli('--version')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
    const { code, stdout } = await cli('--help');
    expect(code).toBe(0);
    for (const command of [
      'start',
      'init',
      'check',
      'schema',
      'migrate',
      'plugins',
      'jobs',
      'token',
      'octogen',
      'probe',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, 'm'));
    }
  });

  it.each([
    [['strat'], /unknown command 'strat'[\s\S]*start/],
    [['plugin', 'list'], /unknown command 'plugin'[\s\S]*plugins/],
    [['plugins', 'lst'], /unknown command 'lst'[\s\S]*list/],
    [['start', '--prot', '1'], /unknown option '--prot'[\s\S]*--port/],
    [['jobs', 'run'], /missing required argument 'job'/],
    [['jobs', 'run', 'generate'], /not the id of a job[\s\S]*<plugin>\/<job>/],
    [['jobs', 'run', 'probe/quick', '--input', '{'], /--input is not JSON/],
    [['token', 'create', 'x'], /needs a scope/],
    [['plugins', 'list', '--url', 'localhost:4700'], /not the address of a host/],
  ])('answers %j with what was meant, and 2', async (args, said) => {
    const { code, stdout, stderr } = await cli(...args);
    expect(stderr).toMatch(said);
    expect(stderr).toMatch(/^atoll: /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('writes a configuration that passes its own check', async () => {
    expect((await folder.cli('init')).code).toBe(0);
    const checked = await folder.cli('check');
    expect(checked.stdout).toContain(join(folder.path, 'atoll.yaml'));
    expect(checked.stdout).toContain('The configuration has no problems.');
    expect(checked.code).toBe(0);
    copyFileSync(join(folder.path, '.env.example'), join(folder.path, '.env'));
    expect((await folder.cli('check')).code).toBe(0);
    expect((await folder.cli('init')).code).toBe(3);
    expect(existsSync(folder.dataDir)).toBe(false);

    const host = await folder.start();
    expect((await host.stop()).code).toBe(0);
  });

  it('shows what is wrong in a configuration, for people and as JSON', async () => {
    folder.write('atoll.yaml', 'log:\n  levle: debug\nplugins:\n  probe:\n    config:\n      limit: 0\n');
    const shown = await cli('check');
    expect(shown.code).toBe(1);
    expect(shown.stdout).toMatch(/2:3 {2}log\.levle is an unknown key\n {4}hint: did you mean level\?/);
    const parsed = await cli('check', '--json');
    expect(parsed.code).toBe(1);
    expect(JSON.parse(parsed.stdout)).toMatchObject({
      file: join(folder.path, 'atoll.yaml'),
      problems: [
        { path: 'log.levle', line: 2, plugin: null },
        { path: 'plugins.probe.config.limit', line: 6, plugin: 'probe' },
      ],
    });
  });

  it('prints a schema that editors can use', async () => {
    const schema = await json<{ properties: { plugins: { properties: Record<string, unknown> } } }>('schema');
    expect(Object.keys(schema.properties.plugins.properties)).toEqual(['octogen', 'probe']);
    expect(JSON.stringify(schema)).toContain('PROBE_API_KEY');
  });
});

describe('with a running host', () => {
  it('lists and switches plugins', async () => {
    const host = await folder.start({ plugins: [probePlugin] });
    const list = await folder.cli('plugins', 'list');
    expect(list.stdout).toMatch(/^ID +NAME +VERSION +STATE/);
    expect(list.stdout).toMatch(/^probe +Probe +1\.0\.0 +running/m);

    const disabled = await folder.cli('plugins', 'disable', 'probe');
    expect(disabled).toMatchObject({ code: 0, stdout: 'probe is disabled' });
    expect(disabled.stderr).toContain('plugins.probe.enabled: false');
    expect((await host.request('/api/plugins/probe/notes')).status).toBe(503);
    expect((await folder.cli('plugins', 'restart', 'probe')).code).toBe(3);

    expect(await folder.cli('plugins', 'enable', 'probe')).toMatchObject({
      code: 0,
      stdout: 'probe is running',
    });
    expect((await host.request('/api/plugins/probe/notes')).status).toBe(200);
    expect((await folder.cli('plugins', 'restart', 'probe', '--json')).code).toBe(0);
    expect(await json<unknown[]>('plugins', 'check', 'probe')).toEqual([
      { name: 'upstream', status: 'healthy', message: 'it is undefined' },
    ]);
    const unknown = await folder.cli('plugins', 'disable', 'prob');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(/^atoll: There is no plugin "prob"\./);
  });

  it('lists, runs and cancels jobs, and shows their history', async () => {
    const host = await folder.start({ plugins: [probePlugin] });
    expect((await folder.cli('jobs', 'list')).stdout).toMatch(/^probe\/quick +A quick job +on demand/m);

    const run = await folder.cli('jobs', 'run', 'probe/quick', '--input', '{"times":3}');
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(
      /^probe\/quick succeeded after \d+ ms \(run [\w-]+\)\n\{\n {2}"counted": 3\n\}$/,
    );
    expect(await json<RunRecord>('jobs', 'run', 'probe/quick')).toMatchObject({
      job: 'probe/quick',
      trigger: 'cli',
      outcome: 'succeeded',
      result: { counted: 1 },
    });

    const wrong = await folder.cli('jobs', 'run', 'probe/quick', '--input', '{"times":30}');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/times/) });
    const failed = await folder.cli('jobs', 'run', 'probe/fail');
    expect(failed).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^probe\/fail failed .*\n.*not_ready/),
    });
    const unknown = await folder.cli('jobs', 'run', 'probe/gone');
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no job probe/gone') });

    const accepted = await json<{ runId: string }>('jobs', 'run', 'probe/wait', '--no-wait');
    await host.runIn('running', accepted.runId);
    expect((await folder.cli('jobs', 'cancel', accepted.runId)).code).toBe(0);
    await host.runIn('finished', accepted.runId);
    expect((await folder.cli('jobs', 'cancel', accepted.runId)).code).toBe(3);

    const history = await json<RunRecord[]>('jobs', 'history', 'probe/quick', '--limit', '1');
    expect(history).toMatchObject([{ job: 'probe/quick', result: { counted: 1 } }]);
    expect((await folder.cli('jobs', 'history', '--outcome', 'cancelled')).stdout).toContain(accepted.runId);
  });

  it('is found by an address and a token from anywhere', async () => {
    const host = await folder.start({ plugins: [probePlugin] });
    await using elsewhere = new AtollFolder();
    expect(await elsewhere.cli('plugins', 'list')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no host runs on the data folder .*\n {2}hint: .*--url/),
    });
    const given = ['--url', host.url, '--token', host.token];
    expect((await elsewhere.cli('plugins', 'list', ...given)).stdout).toContain('probe');
    const variables = { ATOLL_URL: host.url, ATOLL_TOKEN: host.token };
    expect((await elsewhere.cliWith(variables, 'jobs', 'list')).stdout).toContain('probe/quick');

    const { token } = await host.call<{ token: string }>('/api/v1/tokens', {
      method: 'POST',
      body: { name: 'reader', scopes: ['read'] },
    });
    const reader = { ATOLL_URL: host.url, ATOLL_TOKEN: token };
    expect((await elsewhere.cliWith(reader, 'plugins', 'list')).code).toBe(0);
    expect(await elsewhere.cliWith(reader, 'plugins', 'disable', 'probe')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('needs the scope "operate"'),
    });
    const stranger = await elsewhere.cli('plugins', 'list', '--url', host.url, '--token', 'wrong', '--json');
    expect(stranger.code).toBe(3);
    expect(JSON.parse(stranger.stderr)).toMatchObject({ status: 401, code: 'unauthorized' });
    await host.stop();
    expect(await elsewhere.cli('plugins', 'list', ...given)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('tokens', () => {
  it('prints one at the very first start, which opens the API, and never again', async () => {
    let host = await folder.start({ adminToken: false });
    const printed = /^ {4}(atoll_[\w-]{43})$/m.exec(host.stdout.join('\n'))?.[1];
    expect((await host.request('/api/v1/plugins', { token: printed ?? null })).status).toBe(200);
    await host.stop();
    host = await folder.start({ adminToken: false });
    expect(host.stdout.join('\n')).not.toContain('atoll_');
    expect((await host.request('/api/v1/plugins', { token: printed ?? null })).status).toBe(200);
  });

  it('makes, lists and revokes them, on the data folder and through a host alike', async () => {
    const offline = await json<{ id: string; token: string }>('token', 'create', 'made offline', '--admin');
    const host = await folder.start({ plugins: [probePlugin] });
    expect((await host.request('/api/v1/tokens', { token: offline.token })).status).toBe(200);

    const online = await cli(
      'token',
      'create',
      'made online',
      '--scope',
      'plugin:probe:read',
      '--expires',
      '30d',
    );
    expect(online.code).toBe(0);
    expect((await host.request('/api/plugins/probe/notes', { token: online.stdout })).status).toBe(200);
    expect((await host.request('/api/v1/plugins', { token: online.stdout })).status).toBe(403);
    expect((await cli('token', 'create', 'bad', '--scope', 'everything')).code).toBe(2);

    const listed = await cli('token', 'list');
    expect(listed.stdout).toMatch(/made offline +admin/);
    expect(listed.stdout).toMatch(/made online +plugin:probe:read/);
    expect(listed.stdout).not.toContain(offline.token);

    expect((await cli('token', 'revoke', offline.id)).code).toBe(0);
    expect((await host.request('/api/v1/tokens', { token: offline.token })).status).toBe(401);
    await host.stop();
    const left = await json<{ name: string; id: string }[]>('token', 'list');
    expect(left.map(({ name }) => name)).toContain('made online');
    expect(left.map(({ name }) => name)).not.toContain('made offline');
    expect((await cli('token', 'revoke', 'gone')).code).toBe(1);
  });

  it('leaves the data folder to its user alone', async () => {
    await cli('token', 'create', 'x', '--admin');
    expect(statSync(folder.dataDir).mode & 0o777).toBe(0o700);
    const host = await folder.start();
    expect(statSync(join(folder.dataDir, 'atoll.sock')).mode & 0o777).toBe(0o600);
    expect((await host.stop()).code).toBe(0);
  });
});

describe('without a host', () => {
  it('runs a job in a host of its own, and waits for what the host would do alone', async () => {
    const run = await json<RunRecord>('jobs', 'run', 'probe/quick', '--input', '{"times":2}');
    expect(run).toMatchObject({ outcome: 'succeeded', result: { counted: 2 }, trigger: 'cli' });
    expect((await cli('jobs', 'history')).code).toBe(1);
    const host = await folder.start({ plugins: [probePlugin] });
    expect((await host.run(run.id)).outcome).toBe('succeeded');
  });

  it("runs a plugin's own command, and names the plugin that cannot", async () => {
    expect(await cli('probe', 'notes')).toMatchObject({ code: 0, stdout: '0 notes' });
    expect(await json('probe', 'notes')).toEqual({ count: 0 });
    folder.write('atoll.yaml', 'plugins:\n  probe:\n    config:\n      limit: 0\n');
    expect(await cli('probe', 'notes')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/probe is invalid config: .*limit/),
    });
  });

  it('looks at migrations and takes the last ones back', async () => {
    expect((await cli('migrate', 'status')).stdout).toBe('There are no databases yet.');
    const old = folder.writePlugin('grows', grower(1));
    let host = await folder.start({ plugins: [old] });
    await host.call('/api/plugins/grows/add', { method: 'POST' });
    await host.stop();

    renameSync(old, `${old}-1`);
    const grown = folder.writePlugin('grows', grower(2));
    host = await folder.start({ plugins: [grown] });
    expect((await host.call<{ rows: number }>('/api/plugins/grows/rows')).rows).toBe(1);
    const busy = await folder.cli('--plugin', grown, 'migrate', 'rollback', 'grows');
    expect(busy).toMatchObject({ code: 3, stderr: expect.stringContaining(`process ${host.pid}`) });
    await host.stop();

    const status = await folder.cli('--plugin', grown, 'migrate', 'status');
    expect(status.stdout).toMatch(/^grows +2 +002_note +- +001_rows/m);
    expect((await folder.cli('--plugin', grown, 'migrate', 'rollback', 'grow')).code).toBe(1);
    const rolledBack = await folder.cli('--plugin', grown, 'migrate', 'rollback', 'grows');
    expect(rolledBack).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^rolled back grows: 002_note/),
    });

    host = await folder.start({ plugins: [`${old}-1`] });
    expect((await host.call<{ rows: number }>('/api/plugins/grows/rows')).rows).toBe(1);
    await host.stop();
    host = await folder.start({ plugins: [grown] });
    expect((await host.call<{ rows: number }>('/api/plugins/grows/rows')).rows).toBe(1);
    await host.stop();

    host = await folder.start({ plugins: [`${old}-1`] });
    expect(await host.plugin('grows')).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/newer/),
    });
    expect(readFileSync(join(folder.dataDir, 'plugins', 'grows.db')).length).toBeGreaterThan(0);
  });
});

/** A plugin in its first or second version, which has one migration more. */
function grower(version: 1 | 2): string {
  const second =
    version === 2
      ? `, '002_note': { up: (db) => db.schema.alterTable('rows').addColumn('note', 'text').execute() }`
      : '';
  return `import { definePlugin, sql } from '@atoll/sdk';
    export default definePlugin({
      id: 'grows', name: 'Grows',
      migrations: {
        '001_rows': { up: (db) => db.schema.createTable('rows').addColumn('id', 'text').execute() }${second}
      },
      setup(ctx) {
        const db = ctx.storage.db();
        ctx.http.routes((app) => {
          app.post('/add', async () => { await db.insertInto('rows').values({ id: 'a' }).execute(); return {}; });
          app.get('/rows', async () => ({ rows: (await db.selectFrom('rows').selectAll().execute()).length }));
        });
      },
    });`;
}
