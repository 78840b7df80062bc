import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, HttpWorld } from './http-world.fixture.js';
import { problemSchema } from './problem.js';

const token = 'read-token';
let world: HttpWorld;

beforeEach(() => {
  world = new HttpWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

describe('listeners', () => {
  it('say that the port is in use, and what to do', async () => {
    const taken = createTcpServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    await expect(world.door.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'listen_failed',
      message: `Cannot listen on 127.0.0.1:${port}: the port is in use.`,
      hint: expect.stringContaining('ATOLL_PORT'),
    });
    taken.close();
    await expect(world.door.listen({ host: '203.0.113.7', port: 0 })).rejects.toMatchObject({
      code: 'listen_failed',
    });
  });

  it('serve metrics, and only metrics, without a token on their own port', async () => {
    const host = world.create('atoll', null);
    host.routes((app) => {
      app.get('/metrics', () => 'up 1');
      app.get('/api/v1/plugins', () => ({}));
    });
    await host.ready();
    world.door.mountHost(host);
    await world.hello('demo');
    const { port } = await world.door.listen({ host: '127.0.0.1', port: 0 }, { kind: 'metrics' });
    expect((await call({ port, headers: {}, path: '/metrics?x=1' })).body).toBe('up 1');
    for (const path of ['/api/v1/plugins', '/api/plugins/demo/hello', '/', '/metrics/../api/v1/plugins']) {
      expect((await call({ port, headers: { authorization: 'Bearer admin-token' }, path })).status).toBe(404);
    }
    expect((await world.door.inject('/metrics')).statusCode).toBe(401);
  });

  it('serve one plugin at the root of its own port', async () => {
    await world.hello('demo');
    await world.hello('other');
    const closed = await world.door.listen(
      { host: '127.0.0.1', port: 0 },
      { kind: 'plugin', plugin: 'demo', auth: 'token' },
    );
    expect((await call({ port: closed.port, headers: {}, path: '/hello' })).status).toBe(401);
    expect((await call({ port: closed.port, path: '/hello' })).status).toBe(200);
    expect((await call({ port: closed.port, path: '/api/plugins/other/hello' })).status).toBe(404);
    const open = await world.door.listen(
      { host: '127.0.0.1', port: 0 },
      { kind: 'plugin', plugin: 'demo', auth: 'none' },
    );
    expect((await call({ port: open.port, headers: {}, path: '/hello' })).status).toBe(200);
    await open.close();
    await expect(call({ port: open.port, path: '/hello' })).rejects.toThrow();
  });

  describe('on a socket', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'atoll-door-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it('trust whoever can open it, which is the owner alone', async () => {
      await world.plugin('demo', (http) =>
        http.routes((app) => void app.get('/', () => ({})), { auth: 'admin' }),
      );
      const socketPath = join(folder, 'atoll.sock');
      const listener = await world.door.listen({ socketPath }, { kind: 'owner' });
      expect(statSync(socketPath).mode & 0o777).toBe(0o600);
      expect((await call({ socketPath, headers: {}, path: '/api/plugins/demo' })).status).toBe(200);
      await listener.close();
      expect(existsSync(socketPath)).toBe(false);
    });

    it('replace one that a killed process left, but not one that answers', async () => {
      const socketPath = join(folder, 'atoll.sock');
      const script = `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`;
      spawnSync(process.execPath, ['-e', script]);
      expect(existsSync(socketPath)).toBe(true);
      await world.door.listen({ socketPath }, { kind: 'owner' });
      await expect(world.door.listen({ socketPath }, { kind: 'owner' })).rejects.toThrow(
        /Another process answers/,
      );
    });

    it('say that a path is too long', async () => {
      const socketPath = join(folder, 'x'.repeat(120));
      await expect(world.door.listen({ socketPath }, { kind: 'owner' })).rejects.toMatchObject({
        code: 'listen_failed',
        hint: expect.stringContaining('shorter'),
      });
    });
  });
});

describe('access', () => {
  const levels = ['public', 'read', 'operate', 'admin'] as const;

  beforeEach(async () => {
    await world.plugin('demo', (http) => {
      http.routes((app) => {
        app.get('/default', () => ({}));
        app.post('/default', () => ({}));
        app.get('/own-admin', { config: { auth: 'admin' } }, () => ({}));
      });
      for (const auth of levels) http.routes((app) => void app.get(`/${auth}`, () => ({})), { auth });
      http.routes(
        (app) => {
          app.post('/open-hook', { schema: { body: z.object({}) } }, () => ({}));
        },
        { auth: 'public' },
      );
    });
  });

  it.each([
    // path, then the status for: nobody, read, operate, admin, demo-read, demo, another plugin's admin
    ['GET /default', 401, 200, 200, 200, 200, 200, 403],
    ['HEAD /default', 401, 200, 200, 200, 200, 200, 403],
    ['POST /default', 401, 403, 200, 200, 403, 200, 403],
    ['GET /public', 200, 200, 200, 200, 200, 200, 200],
    ['GET /read', 401, 200, 200, 200, 200, 200, 403],
    ['GET /operate', 401, 403, 200, 200, 403, 200, 403],
    ['GET /admin', 401, 403, 403, 200, 403, 403, 403],
    ['GET /own-admin', 401, 403, 403, 200, 403, 403, 403],
  ])('of %s', async (line, ...expected) => {
    const [method, path] = line.split(' ');
    const callers = [
      undefined,
      'read-token',
      'operate-token',
      'admin-token',
      'demo-read-token',
      'demo-token',
      'other-token',
    ];
    const statuses = await Promise.all(
      callers.map(
        async (bearer) =>
          (await world.door.inject({ method, url: `/api/plugins/demo${path}`, token: bearer })).statusCode,
      ),
    );
    expect(statuses).toEqual(expected);
  });

  it.each([
    ['no header', {}],
    ['an empty header', { authorization: '' }],
    ['only the scheme', { authorization: 'Bearer' }],
    ['an empty token', { authorization: 'Bearer  ' }],
    ['another scheme', { authorization: 'Basic cmVhZC10b2tlbg==' }],
    ['the bare token', { authorization: 'read-token' }],
    ['a wrong token', { authorization: 'Bearer nope' }],
    ['a name of the prototype', { authorization: 'Bearer constructor' }],
    ['two tokens', { authorization: 'Bearer read-token, Bearer admin-token' }],
    ['a huge token', { authorization: `Bearer ${'a'.repeat(8000)}` }],
    ['a cookie', { cookie: 'token=read-token' }],
    [
      'forged trust',
      { 'x-forwarded-for': '127.0.0.1', 'x-atoll-principal': 'admin', 'x-real-ip': '127.0.0.1' },
    ],
    ['a method override', { 'x-http-method-override': 'GET' }],
  ])('is refused with %s', async (_what, headers) => {
    const answer = await world.door.inject({ url: '/api/plugins/demo/default', headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="atoll"/);
    expect(problemSchema.parse(answer.json()).code).toBe('unauthorized');
  });

  it('takes no token from the address', async () => {
    for (const name of ['token', 'access_token', 'authorization']) {
      const answer = await world.door.inject(`/api/plugins/demo/default?${name}=admin-token`);
      expect(answer.statusCode).toBe(401);
    }
  });

  it('takes the scheme in any case', async () => {
    const answer = await world.door.inject({
      url: '/api/plugins/demo/default',
      headers: { authorization: 'bearer read-token' },
    });
    expect(answer.statusCode).toBe(200);
  });

  it('names the missing scope', async () => {
    const answer = await world.door.inject({ method: 'POST', url: '/api/plugins/demo/default', token });
    expect(problemSchema.parse(answer.json())).toMatchObject({
      code: 'forbidden',
      detail: 'This needs the scope "operate" or "plugin:demo:operate"; the token "read-token" has read.',
    });
  });

  it('comes before the body is read', async () => {
    const answer = await world.door.inject({
      url: '/api/plugins/demo/default',
      payload: '{"broken',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(401);
  });
});
