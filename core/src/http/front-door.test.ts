import { Agent } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, HttpWorld, sendRaw } from './http-world.fixture.js';
import { problemSchema } from './problem.js';

const token = 'read-token';
let world: HttpWorld;

beforeEach(() => {
  world = new HttpWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

/** A plugin whose one route waits until it is let go. */
async function slow(name: string) {
  const gate = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const plugin = await world.plugin(name, (http) =>
    http.routes((app) => {
      app.get('/slow', async () => {
        started.resolve();
        await gate.promise;
        return { done: true };
      });
    }),
  );
  return { ...plugin, open: () => gate.resolve(), started: started.promise };
}

const raw = (target: string, lines: string[] = [], method = 'GET') =>
  [
    `${method} ${target} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${token}`,
    'Connection: close',
    ...lines,
    '',
    '',
  ].join('\r\n');

describe('the front door', () => {
  it('sends each request to the mount of its prefix', async () => {
    await world.hello('one');
    await world.hello('two');
    const { port } = await world.listen();
    expect(JSON.parse((await call({ port, path: '/api/plugins/one/hello' })).body)).toEqual({ from: 'one' });
    expect(JSON.parse((await call({ port, path: '/api/plugins/two/hello' })).body)).toEqual({ from: 'two' });
  });

  it('answers many requests over one kept connection', async () => {
    await world.hello('one');
    const { port } = await world.listen();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    agent.on('free', (socket) => sockets.add(socket));
    for (let n = 0; n < 20; n++)
      expect((await call({ port, agent, path: '/api/plugins/one/hello' })).status).toBe(200);
    expect(sockets.size).toBe(1);
    agent.destroy();
  });

  it('answers pipelined requests in order', async () => {
    await world.hello('one');
    const plugin = await slow('two');
    const { port } = await world.listen();
    const pipelined = (path: string, close = false) =>
      `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n${close ? 'Connection: close\r\n' : ''}\r\n`;
    const received = sendRaw(
      port,
      pipelined('/api/plugins/two/slow') +
        pipelined('/api/plugins/one/hello') +
        pipelined('/api/plugins/none/x', true),
    );
    await plugin.started;
    plugin.open();
    expect([...(await received).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      '200',
      '200',
      '404',
    ]);
  });

  it('forgets requests whose client left, also those that waited behind another', async () => {
    const plugin = await slow('one');
    const { port } = await world.listen();
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const line = `GET /api/plugins/one/slow HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    const socket = connect(port, '127.0.0.1', () => socket.write(line + line));
    socket.on('close', () => resolve());
    await plugin.started;
    await expect.poll(() => plugin.mount.inFlight).toBe(2);
    socket.destroy();
    await gone;
    await expect.poll(() => plugin.mount.inFlight).toBe(0);
    plugin.open();
    expect(await world.metrics.exposition()).toContain('status="499"} 2');
  });

  it('survives tricks with the request line', async () => {
    await world.hello('one');
    const host = world.create('atoll', null);
    await host.ready();
    world.door.mountHost(host);
    const { port } = await world.listen();
    const statusOf = async (bytes: string): Promise<string | undefined> =>
      /^HTTP\/1\.1 (\d+)/.exec(await sendRaw(port, bytes))?.[1];
    expect(await statusOf(raw('/api/plugins/one/hello'))).toBe('200');
    expect(await statusOf(raw('http://elsewhere/api/plugins/one/hello'))).toBe('200');
    for (const target of [
      '/api/plugins/two/../one/hello',
      '//api/plugins/one/hello',
      '/api/plugins/one//hello',
      '/api/plugins/%6fne/hello',
      '/api/plugins/one/%2e%2e/hello',
      '/api/plugins/',
      '/api/plugins/__proto__/x',
      '*',
      '/api/plugins/one/hello%00',
    ]) {
      expect([target, await statusOf(raw(target))]).toEqual([target, '404']);
    }
    expect(await statusOf(raw('/api/plugins/one/%zz'))).toBe('400');
    expect(await statusOf(raw('/', [], 'CONNECT'))).toBe('400');
    expect(await statusOf(raw('example.org:443', [], 'CONNECT'))).toBe('400');
    expect(await statusOf(raw('/x', [], 'BREW'))).toBe('400');
    expect(await statusOf(raw(`/${'a'.repeat(40_000)}`))).toBe('400');
    expect(await statusOf(raw('/x', [`Cookie: ${'a'.repeat(40_000)}`]))).toBe('400');
    expect(await statusOf('GET / HTTP/1.1\r\n\r\n')).toBe('400');
    expect(await statusOf('nonsense\r\n\r\n')).toBe('400');
    expect(await statusOf(raw('/x', ['Transfer-Encoding: chunked', 'Content-Length: 5']))).toBe('400');
    // No decision hangs on the host's name, so a second one changes nothing.
    expect(await statusOf(raw('/api/plugins/one/hello', ['Host: y']))).toBe('200');
    expect(
      await statusOf(
        raw('/api/plugins/one/hello', ['Upgrade: websocket', 'Connection: Upgrade']).replace(
          'Connection: close\r\n',
          '',
        ),
      ),
    ).toBeDefined();
    expect(await statusOf(raw('/api/plugins/one/hello'))).toBe('200');
  }, 20_000);

  it('believes forwarded addresses of trusted proxies only', async () => {
    const addresses: string[] = [];
    for (const [name, trusted] of [
      ['one', ['127.0.0.1']],
      ['two', ['10.0.0.1']],
      ['three', []],
    ] as const) {
      const mount = world.create(name, name, [...trusted]);
      mount.routes((app) => void app.get('/', ({ ip }) => ({ ip })));
      await mount.ready();
      world.door.mount(name, mount);
      const { port } = await world.listen();
      const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': '198.51.100.9' };
      addresses.push((await call({ port, headers, path: `/api/plugins/${name}` })).body);
    }
    expect(addresses).toEqual(['{"ip":"198.51.100.9"}', '{"ip":"127.0.0.1"}', '{"ip":"127.0.0.1"}']);
  });

  it('gives what the parser refuses a problem too', async () => {
    const { port } = await world.listen();
    const answer = await sendRaw(port, raw(`/${'a'.repeat(40_000)}`));
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toContain('application/problem+json');
    expect(problemSchema.parse(JSON.parse(body)).detail).toContain('16384 bytes');
  });

  it('ends connections that dribble their headers', async () => {
    await using impatient = new HttpWorld({ timeouts: { headers: 50, request: 100, check: 20 } });
    const { port } = await impatient.listen();
    expect(await sendRaw(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ')).toContain('took too long');
  });

  it('tells an unknown plugin from one that does not run, and why only to those who may know', async () => {
    await using host = new HttpWorld({
      describe: (id) => (id === 'demo' ? { state: 'retrying', reason: 'http://nas.lan refuses' } : null),
    });
    const get = (url: string, bearer?: string) => host.door.inject({ url, token: bearer });
    expect((await get('/api/plugins/none/x', token)).statusCode).toBe(404);
    const open = await get('/api/plugins/demo/x');
    expect(open.statusCode).toBe(503);
    expect(open.headers['retry-after']).toBe('2');
    expect(open.body).toContain('retrying');
    expect(open.body).not.toContain('nas.lan');
    expect((await get('/api/plugins/demo/x', 'other-token')).body).not.toContain('nas.lan');
    expect((await get('/api/plugins/demo/x', 'demo-token')).body).toContain('nas.lan');
  });

  it('answers 503 for its own routes while the host has none yet', async () => {
    expect((await world.door.inject('/health/live')).statusCode).toBe(503);
  });

  it('mounts and unmounts under load without a wrong answer', async () => {
    await world.hello('steady');
    const { port } = await world.listen();
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const wrong: string[] = [];
    let running = true;
    const churn = (async () => {
      while (running) {
        const { mount, unmount } = await world.hello('moving');
        await call({ port, agent, path: '/api/plugins/moving/hello' });
        await unmount();
        await mount.drain(1000);
        await mount.close();
      }
    })();
    const load = Array.from({ length: 10 }, async () => {
      for (let n = 0; n < 30; n++) {
        const steady = await call({ port, agent, path: '/api/plugins/steady/hello' });
        if (steady.status !== 200 || !steady.body.includes('steady')) wrong.push(`steady ${steady.status}`);
        const moving = await call({ port, agent, path: '/api/plugins/moving/hello' });
        if (![200, 404].includes(moving.status)) wrong.push(`moving ${moving.status}`);
      }
    });
    await Promise.all(load);
    running = false;
    await churn;
    agent.destroy();
    expect(wrong).toEqual([]);
  }, 30_000);
});

describe('closing', () => {
  it('lets requests under way end, refuses new ones, and closes kept connections', async () => {
    const plugin = await slow('one');
    await world.hello('two');
    const { port } = await world.listen();
    const agent = new Agent({ keepAlive: true });
    const idle = new Agent({ keepAlive: true });
    await call({ port, agent: idle, path: '/api/plugins/two/hello' });
    const answer = call({ port, agent, path: '/api/plugins/one/slow' });
    await plugin.started;
    const closed = world.door.close(60_000);
    await expect(call({ port, path: '/api/plugins/two/hello' })).rejects.toThrow();
    expect((await world.door.inject({ url: '/api/plugins/two/hello', token })).statusCode).toBe(503);
    plugin.open();
    expect((await answer).body).toBe('{"done":true}');
    await closed;
    agent.destroy();
    idle.destroy();
  });

  it('cuts off what is not done at the deadline', async () => {
    const plugin = await slow('one');
    const { port } = await world.listen();
    const answer = call({ port, path: '/api/plugins/one/slow' });
    await plugin.started;
    await Promise.all([expect(answer).rejects.toThrow(), world.door.close(30)]);
    await expect.poll(() => plugin.mount.inFlight).toBe(0);
  });
});
