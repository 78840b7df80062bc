import { AtollError, z } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentScope } from '../scope/execution-scope.js';
import { HttpWorld } from './http-world.fixture.js';
import { problemSchema } from './problem.js';

const token = 'read-token';
let world: HttpWorld;

beforeEach(() => {
  world = new HttpWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

describe('a mount', () => {
  it('answers below its prefix and keeps the original address', async () => {
    await world.plugin('demo', (http) =>
      http.routes((app) => {
        app.get('/', ({ url, originalUrl }) => ({ url, originalUrl }));
      }),
    );
    const answer = await world.door.inject({ url: '/api/plugins/demo?a=1', token });
    expect(answer.json()).toEqual({ url: '/?a=1', originalUrl: '/api/plugins/demo?a=1' });
  });

  it('validates with zod and says which field is wrong and what to use', async () => {
    await world.plugin('demo', (http) =>
      http.routes((app) => {
        app.post(
          '/songs/:id',
          {
            schema: {
              params: z.object({ id: z.coerce.number() }),
              body: z.strictObject({ kind: z.enum(['a', 'b']), tags: z.array(z.string()) }),
            },
          },
          () => ({}),
        );
      }),
    );
    const post = (payload: object, id = '1') =>
      world.door.inject({ url: `/api/plugins/demo/songs/${id}`, payload, token: 'operate-token' });
    expect((await post({ kind: 'a', tags: [] })).statusCode).toBe(200);
    const bad = problemSchema.parse((await post({ kind: 'c', tags: ['x', 1], extra: 1 })).json());
    expect(bad).toMatchObject({ status: 400, code: 'bad_request' });
    expect(bad.errors).toEqual([
      expect.objectContaining({ path: 'body.kind', hint: 'Use one of: a, b.' }),
      expect.objectContaining({ path: 'body.tags.1' }),
      expect.objectContaining({ path: 'body', hint: 'Check the spelling, or leave it out.' }),
    ]);
    expect((await post({ kind: 'a', tags: [] }, 'x')).json()).toMatchObject({
      errors: [{ path: 'params.id' }],
    });
  });

  it('hides an answer that breaks its own schema and logs where', async () => {
    await world.plugin('demo', (http) =>
      http.routes((app) => {
        const response = { 200: z.object({ items: z.array(z.object({ title: z.string() })) }) };
        // @ts-expect-error the point is an answer of the wrong shape
        app.get('/', { schema: { response } }, () => ({ items: [{ title: 42 }] }));
      }),
    );
    const answer = await world.door.inject({ url: '/api/plugins/demo', token });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('items');
    const line = world.lines.find(({ level }) => level === 'error')!;
    expect((line.fields.err as Error).message).toContain('items.0.title');
  });

  it('answers every kind of failure with a problem and leaks nothing', async () => {
    await world.plugin('demo', (http) =>
      http.routes((app) => {
        app.get('/atoll', () => {
          throw new AtollError('circuit_open', 'Navidrome is resting.', { hint: 'Wait a minute.' });
        });
        app.get('/bug', () => {
          throw new Error('/data/secret.key: hunter2');
        });
        app.get('/string', () => {
          throw 'hunter2';
        });
        app.post('/body', { schema: { body: z.object({ a: z.number() }) } }, () => ({}));
      }),
    );
    const call = async (url: string, more: object = {}) => {
      const answer = await world.door.inject({
        url: `/api/plugins/demo${url}`,
        token: 'operate-token',
        ...more,
      });
      expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      expect(answer.body).not.toMatch(/hunter2|secret\.key|at .*\.ts/);
      return { problem: problemSchema.parse(answer.json()), headers: answer.headers };
    };
    const json = { 'content-type': 'application/json' };
    const open = await call('/atoll');
    expect(open.problem).toMatchObject({
      status: 503,
      code: 'circuit_open',
      detail: 'Navidrome is resting. Wait a minute.',
    });
    expect(open.headers['retry-after']).toBe('5');
    expect((await call('/bug')).problem).toMatchObject({ status: 500, code: 'internal' });
    expect((await call('/string')).problem).toMatchObject({ status: 500, code: 'internal' });
    expect((await call('/none')).problem).toMatchObject({ status: 404, code: 'not_found' });
    expect((await call('/bug', { method: 'DELETE' })).problem).toMatchObject({ status: 404 });
    expect((await call('/%zz')).problem).toMatchObject({ status: 400 });
    expect((await call('/body', { payload: '{"a":', headers: json })).problem).toMatchObject({ status: 400 });
    expect(
      (await call('/body', { payload: '<a/>', headers: { 'content-type': 'text/xml' } })).problem,
    ).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
    expect((await call('/body', { payload: '{"__proto__":{"a":1}}', headers: json })).problem).toMatchObject({
      status: 400,
    });
    expect(
      (await call('/body', { payload: '{"constructor":{"prototype":{}}}', headers: json })).problem,
    ).toMatchObject({
      status: 400,
    });
    expect((await call('/body', { payload: { a: 'x'.repeat(1024 * 1024) } })).problem).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
  });

  it('names requests, by the caller’s id where it is a plain one', async () => {
    await world.plugin('demo', (http) => http.routes((app) => void app.get('/', ({ id }) => ({ id }))));
    const call = (headers: Record<string, string>) =>
      world.door.inject({ url: '/api/plugins/demo', token, headers });
    const given = await call({ 'x-request-id': 'abc-123' });
    expect(given.headers['x-request-id']).toBe('abc-123');
    expect(given.json()).toEqual({ id: 'abc-123' });
    const odd = await call({ 'x-request-id': 'a b"c' });
    expect(odd.headers['x-request-id']).toMatch(/^[0-9a-f]{8}-\w+$/);
    const ids = await Promise.all(Array.from({ length: 20 }, () => call({})));
    expect(new Set(ids.map(({ headers }) => headers['x-request-id'])).size).toBe(20);
  });

  it('runs hooks, handlers and what follows a body in the scope of plugin and request', async () => {
    const seen: unknown[] = [];
    await world.plugin('demo', (http) =>
      http.routes((app) => {
        app.addHook('onRequest', async () => void seen.push(currentScope()));
        app.post('/', async () => {
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(currentScope());
          return {};
        });
      }),
    );
    await world.door.inject({
      url: '/api/plugins/demo',
      payload: { a: 1 },
      token: 'operate-token',
      headers: { 'x-request-id': 'r7' },
    });
    expect(seen).toEqual([
      expect.objectContaining({ plugin: 'demo', requestId: 'r7' }),
      expect.objectContaining({ plugin: 'demo', requestId: 'r7' }),
    ]);
  });

  it('sets the security headers on answers and on errors', async () => {
    await world.plugin('demo', (http) => http.routes((app) => void app.get('/', () => ({}))));
    for (const url of ['/api/plugins/demo', '/api/plugins/demo/none', '/api/plugins/none', '/none']) {
      const { headers } = await world.door.inject({ url, token });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
      expect(headers).not.toHaveProperty('strict-transport-security');
    }
  });

  it('measures by route pattern, never by path', async () => {
    await world.plugin('demo', (http) => http.routes((app) => void app.get('/songs/:id', () => ({}))));
    for (const id of [1, 2, 3]) await world.door.inject({ url: `/api/plugins/demo/songs/${id}`, token });
    await world.door.inject({ url: '/api/plugins/demo/none-such', token });
    await world.door.inject({ url: '/api/plugins/demo/songs/1' });
    const text = await world.metrics.exposition();
    const count = /atoll_http_request_duration_seconds_count\{(.*)\} (\d+)/g;
    const series = [...text.matchAll(count)].map(
      ([, labels, value]) => `${labels?.split(',').sort().join(',')} ${value}`,
    );
    expect(series.sort()).toEqual([
      'method="GET",plugin="demo",route="/songs/:id",status="200" 3',
      'method="GET",plugin="demo",route="/songs/:id",status="401" 1',
      'method="GET",plugin="demo",route="unmatched",status="404" 1',
    ]);
    expect(text).toContain('atoll_http_requests_in_flight{plugin="demo"} 0');
  });

  it('gives routes the plugin’s logger', async () => {
    await world.plugin('demo', (http) =>
      http.routes((app) => {
        app.log.info('declaring');
        app.get('/', ({ log }) => {
          log.info({ songs: 3 }, 'asked');
          return {};
        });
      }),
    );
    await world.door.inject({ url: '/api/plugins/demo', token });
    expect(world.lines.filter(({ level }) => level === 'info')).toEqual([
      { level: 'info', message: 'declaring', fields: {} },
      { level: 'info', message: 'asked', fields: { songs: 3 } },
    ]);
  });

  it('tells of requests at debug level only', async () => {
    await world.plugin('demo', (http) => http.routes((app) => void app.get('/', () => ({}))));
    await world.door.inject({ url: '/api/plugins/demo', token });
    expect(world.lines.map(({ level }) => level)).toEqual(['debug']);
  });

  it('refuses to start with routes that cannot work, saying whose', async () => {
    const twice = world.create('demo');
    for (const _ of [1, 2]) twice.routes((app) => void app.get('/same', () => ({})));
    await expect(twice.ready()).rejects.toThrow(/^demo: its routes could not be declared: .*\/same/);
    const broken = world.create('broken');
    broken.routes((app) => {
      app.get('/', { schema: { response: { 200: z.string().transform(Number) } } }, () => 1);
    });
    await expect(broken.ready()).rejects.toThrow(/^broken: the response schema .* GET \/ /);
  });

  it('names schemas once', () => {
    const mount = world.create('demo');
    const song = z.object({});
    expect(mount.schema('Song', song)).toBe(song);
    expect(mount.schema('Song', song)).toBe(song);
    expect(() => mount.schema('Song', z.object({}))).toThrow(/taken/);
    expect(() => mount.schema('a/b', z.object({}))).toThrow(/cannot name/);
  });
});

describe('groups of routes at run time', () => {
  it('come and go', async () => {
    const { mount } = await world.plugin('demo', (http) =>
      http.routes((app) => void app.get('/first', () => ({}))),
    );
    const get = async (path: string) =>
      (await world.door.inject({ url: `/api/plugins/demo${path}`, token })).statusCode;
    expect(await get('/second')).toBe(404);
    const dispose = mount.routes((app) => void app.get('/second', () => ({})));
    expect(await get('/second')).toBe(200);
    expect(await get('/first')).toBe(200);
    expect(mount.routeList()).toEqual(['GET /first', 'GET /second']);
    await dispose();
    expect(await get('/second')).toBe(404);
    await dispose();
    expect(mount.routeList()).toEqual(['GET /first']);
  });

  it('leave requests under way alone', async () => {
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const { mount } = await world.plugin('demo', () => {});
    const dispose = mount.routes((app) => {
      app.get('/slow', async () => {
        started.resolve();
        await gate.promise;
        return { done: true };
      });
    });
    const slow = world.door.inject({ url: '/api/plugins/demo/slow', token });
    await started.promise;
    await dispose();
    await mount.settled();
    expect((await world.door.inject({ url: '/api/plugins/demo/slow', token })).statusCode).toBe(404);
    gate.resolve();
    expect((await slow).json()).toEqual({ done: true });
  });

  it('are left out when they fail, with a line in the log, and spare the others', async () => {
    const { mount } = await world.plugin('demo', (http) =>
      http.routes((app) => void app.get('/first', () => ({}))),
    );
    mount.routes(() => {
      throw new Error('bad group');
    });
    expect((await world.door.inject({ url: '/api/plugins/demo/first', token })).statusCode).toBe(200);
    expect(world.lines.find(({ level }) => level === 'error')?.message).toBe(
      'demo: a group of routes is left out',
    );
  });
});

describe('draining', () => {
  it('waits for requests under way, and tells how many were left at the deadline', async () => {
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const { mount, unmount } = await world.plugin('demo', (http) =>
      http.routes((app) => {
        app.get('/slow', async () => {
          started.resolve();
          await gate.promise;
          return {};
        });
      }),
    );
    expect(await mount.drain(10)).toBe(0);
    const slow = world.door.inject({ url: '/api/plugins/demo/slow', token });
    await started.promise;
    await unmount();
    expect(mount.inFlight).toBe(1);
    expect(await mount.drain(5)).toBe(1);
    const drained = mount.drain(60_000);
    gate.resolve();
    expect(await drained).toBe(0);
    expect((await slow).statusCode).toBe(200);
  });

  it('cuts off what is left when it closes', async () => {
    const started = Promise.withResolvers<void>();
    const { mount } = await world.plugin('demo', (http) =>
      http.routes((app) => {
        app.get('/never', () => {
          started.resolve();
          return new Promise<never>(() => {});
        });
      }),
    );
    const never = world.door.inject({ url: '/api/plugins/demo/never', token });
    await started.promise;
    await Promise.all([expect(never).rejects.toThrow(), mount.close()]);
    expect(mount.inFlight).toBe(0);
  });
});
