import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InjectOptions } from '../http/inject.js';
import type { OpenApiDocument } from '../http/open-api.js';
import { problemSchema } from '../http/problem.js';
import { type AdminWorld, openAdminWorld } from './admin-world.fixture.js';

let world: AdminWorld;

beforeEach(async () => {
  world = await openAdminWorld();
});
afterEach(() => world.close());

const call = (url: string, options: Partial<InjectOptions> = {}) =>
  world.door.inject({ url, token: world.admin, ...options });
const post = (url: string, payload?: object) => call(url, { method: 'POST', payload });

describe('the admin API', () => {
  it('pages through plugins', async () => {
    const first = (await call('/api/v1/plugins?limit=2')).json<{
      items: { id: string }[];
      nextCursor: string;
    }>();
    expect(first.items.map(({ id }) => id)).toEqual(['a', 'b']);
    const second = await call(`/api/v1/plugins?cursor=${first.nextCursor}`);
    expect(second.json()).toMatchObject({ items: [{ id: 'demo' }], nextCursor: null });
    expect((await call('/api/v1/plugins?cursor=zzz')).statusCode).toBe(400);
    expect((await call('/api/v1/plugins?limit=0')).statusCode).toBe(400);
    expect((await call('/api/v1/plugins?limt=1')).statusCode).toBe(400);
  });

  it('shows one plugin with its history and footprint', async () => {
    expect((await call('/api/v1/plugins/demo')).json()).toMatchObject({
      id: 'demo',
      states: [{ state: 'running' }],
      footprint: { routes: ['GET /songs'] },
      capabilities: ['net'],
    });
    expect(problemSchema.parse((await call('/api/v1/plugins/none')).json())).toMatchObject({
      status: 404,
      code: 'not_found',
    });
  });

  it.each(['enable', 'disable', 'restart'])('can %s a plugin', async (action) => {
    expect((await post(`/api/v1/plugins/demo/${action}`)).json()).toMatchObject({ id: 'demo' });
    expect(world.calls).toEqual([[action, 'demo']]);
    expect((await post(`/api/v1/plugins/none/${action}`)).statusCode).toBe(404);
  });

  it('tests connections and shows the schema of the config', async () => {
    expect((await post('/api/v1/plugins/demo/check')).json()).toEqual({
      items: [{ name: 'server', status: 'unhealthy', message: 'refused', hint: 'Start it.' }],
    });
    expect((await call('/api/v1/plugins/demo/config/schema')).json()).toMatchObject({
      type: 'object',
      properties: { url: { type: 'string', title: 'Address', default: 'x' } },
    });
    expect((await call('/api/v1/plugins/asleep/config/schema')).statusCode).toBe(409);
  });

  it.each(['demo%2Fscan', 'demo/scan'])('runs, pauses and resumes the job %s', async (id) => {
    expect((await call(`/api/v1/jobs/${id}`)).json()).toMatchObject({ id: 'demo/scan', title: 'Scan' });
    const accepted = await post(`/api/v1/jobs/${id}/run`, { input: { dryRun: true } });
    expect(accepted.statusCode).toBe(202);
    expect(accepted.json()).toEqual({ runId: 'run-2' });
    await post(`/api/v1/jobs/${id}/run`);
    await post(`/api/v1/jobs/${id}/pause`);
    await post(`/api/v1/jobs/${id}/resume`);
    expect(world.calls).toEqual([
      ['run', 'demo/scan', { dryRun: true }, { trigger: 'api' }],
      ['run', 'demo/scan', {}, { trigger: 'api' }],
      ['pause', 'demo/scan'],
      ['resume', 'demo/scan'],
    ]);
  });

  it('refuses runs of unknown jobs and bodies with unknown keys', async () => {
    expect(problemSchema.parse((await post('/api/v1/jobs/demo%2Fnone/run')).json()).code).toBe('job_unknown');
    expect((await post('/api/v1/jobs/demo%2Fscan/run', { inputs: {} })).statusCode).toBe(400);
    expect(world.calls).toEqual([]);
  });

  it('knows a run of the command line by the socket it came through', async () => {
    const { statusCode } = await world.door.inject(
      { url: '/api/v1/jobs/demo%2Fscan/run', method: 'POST' },
      { kind: 'owner' },
    );
    expect(statusCode).toBe(202);
    expect(world.calls).toEqual([['run', 'demo/scan', {}, { trigger: 'cli' }]]);
  });

  it('lists, shows and cancels runs, with their logs', async () => {
    const list = await call('/api/v1/runs?job=demo%2Fscan&outcome=succeeded&state=finished&limit=5&cursor=c');
    expect(list.json()).toMatchObject({ items: [{ id: 'run-1', result: { songs: 3 } }], nextCursor: 'next' });
    expect(world.calls).toEqual([
      ['runs', { job: 'demo/scan', outcome: 'succeeded', state: 'finished', limit: 5, cursor: 'c' }],
    ]);
    expect((await call('/api/v1/runs?outcome=great')).json()).toMatchObject({
      errors: [{ path: 'query.outcome', hint: expect.stringContaining('succeeded') }],
    });
    expect((await call('/api/v1/runs/run-1')).json()).toMatchObject({ outcome: 'succeeded' });
    expect((await call('/api/v1/runs/none')).json()).toMatchObject({ code: 'run_unknown', status: 404 });
    expect((await call('/api/v1/runs/run-1/logs')).json()).toMatchObject({
      items: [{ message: 'done', fields: { songs: 3 } }],
    });
    expect((await post('/api/v1/runs/run-1/cancel')).json()).toMatchObject({ id: 'run-1' });
  });

  it('shows health, start and resilience', async () => {
    expect((await call('/api/v1/health')).json()).toMatchObject({
      status: 'degraded',
      checks: { 'demo/server': { plugin: 'demo' } },
    });
    expect((await call('/api/v1/startup')).json()).toMatchObject({
      complete: true,
      steps: [{ name: 'listen' }],
    });
    expect((await call('/api/v1/resilience')).json()).toMatchObject({
      items: [{ circuit: 'open' }],
      budgets: [{ remaining: 3 }],
    });
    expect((await post('/api/v1/resilience/demo/server/reset')).json()).toMatchObject({ name: 'server' });
    expect((await post('/api/v1/resilience/demo/none/reset')).statusCode).toBe(404);
  });

  it('makes, lists and revokes tokens', async () => {
    const made = await post('/api/v1/tokens', {
      name: 'ci',
      scopes: ['plugin:demo'],
      expiresAt: '2030-01-01T00:00:00+02:00',
    });
    expect(made.statusCode).toBe(201);
    expect(made.headers['cache-control']).toBe('no-store');
    const { id, token } = made.json<{ id: string; token: string }>();
    expect(world.tokens.verify(token)?.allows('operate', 'demo')).toBe(true);
    const list = await call('/api/v1/tokens');
    expect(list.json<{ items: { name: string }[] }>().items.map(({ name }) => name)).toEqual([
      'first start',
      'reader',
      'ci',
    ]);
    expect(list.body).not.toContain(token);
    expect((await call(`/api/v1/tokens/${id}`, { method: 'DELETE' })).statusCode).toBe(204);
    expect(world.tokens.verify(token)).toBeNull();
    expect((await call(`/api/v1/tokens/${id}`, { method: 'DELETE' })).statusCode).toBe(404);
    const bad = await post('/api/v1/tokens', { name: '', scopes: ['root'] });
    expect(bad.json<{ errors: { path: string }[] }>().errors.map(({ path }) => path)).toEqual([
      'body.name',
      'body.scopes.0',
    ]);
  });

  it('keeps tokens to admins and changes to operators', async () => {
    const token = world.read;
    expect((await call('/api/v1/tokens', { token })).statusCode).toBe(403);
    expect((await call('/api/v1/plugins/demo/restart', { method: 'POST', token })).statusCode).toBe(403);
    expect((await call('/api/v1/plugins', { token })).statusCode).toBe(200);
    expect((await call('/metrics', { token })).headers['content-type']).toContain('text/plain');
    for (const url of ['/api/v1/plugins', '/api/v1/health', '/metrics', '/api/openapi.json']) {
      expect((await world.door.inject(url)).statusCode).toBe(401);
    }
  });
});

describe('what needs no token', () => {
  it('says in one word whether the host lives and is ready', async () => {
    expect((await world.door.inject('/health/live')).json()).toEqual({ status: 'live' });
    expect((await world.door.inject('/health/ready')).json()).toEqual({ status: 'ready' });
    world.state.ready = false;
    const waiting = await world.door.inject('/health/ready');
    expect(waiting.statusCode).toBe(503);
    expect(waiting.headers['retry-after']).toBeDefined();
    expect((await world.door.inject('/health/live')).statusCode).toBe(200);
  });

  it('serves pages whose scripts, styles and pictures come from the host alone', async () => {
    for (const url of ['/', '/api/docs']) {
      const page = await world.door.inject(url);
      expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
      const policy = page.headers['content-security-policy'];
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toMatch(/unsafe|upgrade-insecure-requests/);
      expect(page.body).not.toMatch(/(src|href)="(https?:)?\/\//);
      expect(page.body).not.toMatch(/<script>|<style|style=|onclick/);
      for (const [, path] of page.body.matchAll(/(?:src|href)="([^"]+)"/g)) {
        const asset = await world.door.inject(new URL(path!, `http://x${url}`).pathname);
        expect([path, asset.statusCode]).toEqual([path, 200]);
        expect(asset.rawPayload.length).toBeGreaterThan(0);
      }
    }
  });
});

describe('the API document of the host', () => {
  it('lists every admin route once, with its scope', async () => {
    const document = (await call('/api/openapi.json')).json<OpenApiDocument>();
    expect(document.openapi).toBe('3.1.0');
    expect(document.servers).toEqual([{ url: '/atoll' }]);
    const scopes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(
        ([method, operation]) => `${method} ${path} ${operation['x-atoll-scope']}`,
      ),
    );
    expect(scopes.sort()).toEqual([
      'delete /api/v1/tokens/{id} admin',
      'get /api/v1/health read',
      'get /api/v1/jobs read',
      'get /api/v1/jobs/{id} read',
      'get /api/v1/plugins read',
      'get /api/v1/plugins/{id} read',
      'get /api/v1/plugins/{id}/config/schema read',
      'get /api/v1/resilience read',
      'get /api/v1/runs read',
      'get /api/v1/runs/{runId} read',
      'get /api/v1/runs/{runId}/logs read',
      'get /api/v1/startup read',
      'get /api/v1/tokens admin',
      'get /health/live public',
      'get /health/ready public',
      'post /api/v1/jobs/{id}/pause operate',
      'post /api/v1/jobs/{id}/resume operate',
      'post /api/v1/jobs/{id}/run operate',
      'post /api/v1/plugins/{id}/check operate',
      'post /api/v1/plugins/{id}/disable operate',
      'post /api/v1/plugins/{id}/enable operate',
      'post /api/v1/plugins/{id}/restart operate',
      'post /api/v1/resilience/{plugin}/{policy}/reset operate',
      'post /api/v1/runs/{runId}/cancel operate',
      'post /api/v1/tokens admin',
    ]);
  });
});
