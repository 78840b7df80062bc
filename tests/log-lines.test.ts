import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AtollFolder } from './support/atoll-folder.ts';
import type { HostAnswer, HostProcess } from './support/host-process.ts';
import { probePlugin } from './support/repository.ts';
import { waitFor } from './support/wait-for.ts';

const text = z.string().min(1);

const exception = z.strictObject({
  type: text,
  message: z.string(),
  code: text.optional(),
  hint: text.optional(),
  stack: text.optional(),
  get cause() {
    return exception.optional();
  },
  get errors() {
    return z.array(exception).optional();
  },
});

/** What programs that read the log rely on; a line may have further fields. */
const logLine = z.looseObject({
  timestamp: z.iso.datetime({ precision: 3 }),
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']),
  logger: text,
  message: text,
  plugin: text.optional(),
  job: z
    .string()
    .regex(/^[\w-]+\/[\w-]+$/)
    .optional(),
  run: text.optional(),
  requestId: text.optional(),
  correlation_id: text.optional(),
  service: text.optional(),
  operation: text.optional(),
  duration: z.number().min(0).optional(),
  exception: exception.optional(),
});

type Line = z.output<typeof logLine>;

/** One in the environment, one in a file that the configuration refers to, with characters that JSON and URLs escape. */
const secrets = ['env-secret-7f3a91c2', 'file "secret" & 99% more'];

describe('the log of a whole life at debug level', () => {
  let folder: AtollFolder;
  let host: HostProcess;
  let lines: Line[];
  const answers: HostAnswer[] = [];
  let runId: string;

  const ask: HostProcess['request'] = async (...request) => {
    const answer = await host.request(...request);
    answers.push(answer);
    return answer;
  };

  beforeAll(async () => {
    folder = new AtollFolder();
    folder.write('key.txt', `${secrets[1]}\n`);
    folder.write(
      'atoll.yaml',
      [
        'log:',
        '  level: debug',
        '  file: ./atoll.log',
        'plugins:',
        '  probe:',
        '    config:',
        '      upstream: "$' + '{file:key.txt}"',
      ].join('\n'),
    );
    host = await folder.start({
      plugins: [
        probePlugin,
        folder.writePlugin('broken', `throw new Error('broken by https://me:${secrets[0]}@example.org');`),
      ],
      env: { LOG_FORMAT: 'json', PROBE_API_KEY: secrets[0] ?? '' },
    });

    await ask('/api/plugins/probe/echo/word', { headers: { 'x-request-id': 'from-outside' } });
    const made = await ask('/api/plugins/probe/generate', {
      method: 'POST',
      headers: { 'x-request-id': 'makes-a-run' },
    });
    runId = made.json<{ runId: string }>().runId;
    await host.runIn('finished', runId);
    const failed = await host.accept('probe/fail');
    await host.runIn('finished', failed);
    for (const path of [
      '/api/plugins/probe/boom',
      '/api/plugins/probe/refuse',
      '/api/plugins/probe/nothing',
      '/api/v1/plugins',
      '/api/v1/plugins/probe',
      '/api/v1/plugins/broken',
      '/api/v1/jobs',
      '/api/v1/runs',
      `/api/v1/runs/${runId}`,
      `/api/v1/runs/${runId}/logs`,
      `/api/v1/runs/${failed}/logs`,
      '/api/v1/health',
      '/api/v1/startup',
      '/api/v1/resilience',
      '/api/v1/tokens',
      '/api/openapi.json',
      '/metrics',
    ])
      await ask(path);
    await ask('/api/v1/plugins/probe/check', { method: 'POST' });
    await ask('/api/v1/plugins/probe/restart', { method: 'POST' });
    await ask('/api/v1/plugins', { token: 'atoll_wrong-token-of-somebody' });
    await waitFor('the request lines', () => host.stdout.some((line) => line.includes('/restart')));
    await host.stop();
    lines = host.stdout.map((line) => JSON.parse(line) as Line);
  });

  afterAll(async () => {
    await folder?.[Symbol.asyncDispose]();
  });

  it('prints nothing but JSON lines of the agreed shape', () => {
    const wrong = lines.flatMap((line) => {
      const parsed = logLine.safeParse(line);
      return parsed.success ? [] : [{ line, problems: z.prettifyError(parsed.error) }];
    });
    expect(wrong).toEqual([]);
    expect(lines.length).toBeGreaterThan(30);
    expect(host.stderr).toEqual([]);
  });

  it('writes the same lines to the file', () => {
    const kept = readFileSync(join(folder.path, 'atoll.log'), 'utf8').trimEnd().split('\n');
    expect(kept).toEqual(host.stdout);
  });

  it('goes from the start to the stop, in order of time', () => {
    const times = lines.map(({ timestamp }) => timestamp);
    expect(times).toEqual(times.toSorted());
    const said = lines.map(({ level, message }) => `${level} ${message}`);
    const configFile = join(folder.path, 'atoll.yaml');
    expect(said).toContainEqual(
      expect.stringMatching(
        `^info Atoll [\\d.]+ on Node ${process.versions.node}: ${host.url}, data in ${folder.dataDir} \\(SQLite\\), config file ${configFile}`,
      ),
    );
    expect(said).toContain('info Probe 1.0.0 (probe) is running');
    expect(said).toContainEqual(
      expect.stringMatching(/^warn broken 1\.0\.0 \(broken\) is failed: .*cannot be loaded: broken by/),
    );
    expect(lines.at(-1)?.message).toBe('stopped');
  });

  it("gives a request's lines its id, the caller's own where it sent one", () => {
    const own = lines.filter(({ requestId }) => requestId === 'from-outside');
    expect(own.map(({ message }) => message)).toEqual(['heard word', 'request']);
    expect(
      own.every(({ plugin, correlation_id }) => plugin === 'probe' && correlation_id === 'from-outside'),
    ).toBe(true);
    expect(own.at(-1)).toMatchObject({ method: 'GET', route: '/echo/:word', status: 200 });
  });

  it('joins the lines of a run, and those to the request that asked for it', () => {
    const own = lines.filter(({ run }) => run === runId);
    expect(own.map(({ message }) => message)).toContain('counting');
    expect(own.map(({ operation }) => operation)).toContain('count');
    for (const line of own) {
      expect(line).toMatchObject({ plugin: 'probe', job: 'probe/quick', correlation_id: 'makes-a-run' });
    }
  });

  it('tells a bug with its place, and in the answer without', () => {
    const bug = lines.find(({ message }) => message === 'GET /boom failed');
    expect(bug).toMatchObject({
      level: 'error',
      plugin: 'probe',
      exception: { type: 'TypeError', stack: expect.stringContaining('probe/index.ts') },
    });
    const answer = answers.find(({ status }) => status === 500);
    expect(answer?.body).not.toMatch(/TypeError|index\.ts|a bug/);
  });

  it('shows a secret in no line, no answer and no metric', () => {
    const places = [...host.stdout, ...answers.map(({ body }) => body)];
    const leaks = places.filter((place) =>
      secrets.some((secret) =>
        [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)].some((form) =>
          place.includes(form),
        ),
      ),
    );
    expect(leaks.map((leak) => leak.slice(0, 500))).toEqual([]);
    expect(places.some((place) => place.includes('***'))).toBe(true);
    expect(places.some((place) => place.includes(host.token))).toBe(false);
  });
});
