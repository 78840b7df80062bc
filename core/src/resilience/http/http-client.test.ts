import { getEventListeners } from 'node:events';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { HttpClientOptions, HttpRequest } from '@atoll/sdk';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { FakeClock } from '../../clock/fake-clock.js';
import { failureOf, resilienceFixture } from '../resilience.fixture.js';
import type { ResilienceServiceOptions } from '../resilience-service.js';
import { closedPort, rawUpstream, sendJson, upstream } from './upstream.fixture.js';

function client(
  baseUrl: string,
  options: Partial<HttpClientOptions> = {},
  service: Partial<ResilienceServiceOptions> = {},
) {
  const fixture = resilienceFixture(service);
  onTestFinished(() => fixture.resilience.dispose());
  const own = fixture.resilience.client('radarr', { baseUrl, policy: { retry: false }, ...options });
  return { ...fixture, client: own };
}

describe('a request', () => {
  test('goes out with the headers, query and body it was given', async () => {
    const { origin, requests } = await upstream((_request, response) => sendJson(response, { ok: true }));
    const { client: own } = client(`${origin}/base`, { headers: { 'X-Api-Key': 'k3y', Accept: 'text/x' } });
    const answer = await own.request('/a', {
      query: { id: [1, 2] },
      headers: { accept: 'application/json' },
    });
    await own.request('b', { method: 'POST', json: { a: 'ü' } });
    await own.request('c', { method: 'PUT', form: { a: 'x y', b: [1, 2], c: undefined } });
    await own.request('d', { method: 'PATCH', body: new TextEncoder().encode('raw') });
    expect(answer.json(z.object({ ok: z.boolean() }))).toEqual({ ok: true });
    expect(answer.headers['content-type']).toBe('application/json');
    expect(requests).toMatchObject([
      {
        method: 'GET',
        url: '/base/a?id=1&id=2',
        headers: { 'x-api-key': 'k3y', accept: 'application/json' },
      },
      { method: 'POST', url: '/base/b', body: '{"a":"ü"}', headers: { 'content-type': 'application/json' } },
      {
        method: 'PUT',
        body: 'a=x+y&b=1&b=2',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      { method: 'PATCH', body: 'raw' },
    ]);
  });

  test('sends a user and password of the URL as Basic, not in the URL', async () => {
    const { host, requests } = await upstream((_request, response) => sendJson(response, {}));
    await client(`http://me:p%40ss@${host}`).client.request('/');
    expect(requests[0]?.headers.authorization).toBe(`Basic ${btoa('me:p@ss')}`);
  });

  test('uses its connection again', async () => {
    const { origin, connections } = await upstream((_request, response) => sendJson(response, {}));
    const { client: own } = client(origin);
    for (let i = 0; i < 5; i++) await own.request('/');
    // The pool may open a second one while the first is only just coming free.
    expect(connections()).toBeLessThanOrEqual(2);
  });

  test.each<[string, HttpRequest, string]>([
    ['/', { json: 1, body: 'x', method: 'POST' }, 'give one of json, form and body'],
    ['/', { json: 1 }, 'a GET has no body'],
    ['/', { headers: { 'X-Key': 's3cret\nInjected: 1' } }, 'the header "X-Key" contains a character'],
    ['../admin', {}, 'the path leads out of http://127.0.0.1:1/base/'],
    ['http://evil.example/', {}, 'this client only talks to http://127.0.0.1:1'],
  ])('that makes no sense is refused before it is sent: %s %j', async (path, request, message) => {
    const error = await failureOf(client('http://127.0.0.1:1/base').client.request(path, request));
    expect(error).toMatchObject({ code: 'bad_request', plugin: 'demo' });
    expect(error.message).toContain(`demo: the request to "radarr" cannot be sent: `);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('s3cret');
  });

  test.each(['nonsense', 'ftp://host', 'http://host?x=1'])('needs a base URL, not %s', (baseUrl) => {
    expect(() => client(baseUrl)).toThrow('demo: the URL of "radarr" ');
  });

  test('writes one debug line, without query and secrets', async () => {
    const { origin } = await upstream((request, response) =>
      sendJson(response, {}, request.url.startsWith('/no') ? 404 : 200),
    );
    const { client: own, lines } = client(origin, { secretParams: ['t'], headers: { 'x-key': 'h3ader' } });
    await own.request('/yes/h3ader', { query: { t: 's3cret' } });
    await failureOf(own.request('/no'));
    expect(lines).toEqual([
      {
        level: 'debug',
        message: 'upstream call',
        fields: { service: 'radarr', operation: 'GET /yes/[redacted]', duration: 0, status: 200 },
      },
      {
        level: 'debug',
        message: 'upstream call',
        fields: {
          service: 'radarr',
          operation: 'GET /no',
          duration: 0,
          status: 404,
          code: 'upstream_status',
        },
      },
    ]);
  });
});

describe('an answer', () => {
  const text = 'päck my box '.repeat(1000);
  test.each([
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['identity', Buffer.from(text)],
  ])('compressed with %s is decompressed', async (encoding, body) => {
    const { origin } = await upstream((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body);
    });
    const answer = await client(origin).client.request('/');
    expect(answer.text()).toBe(text);
    expect(answer.headers).not.toHaveProperty('content-length');
  });

  test.each([
    ['gzip', gzipSync(text).subarray(0, 60), 'not valid gzip'],
    ['gzip', Buffer.from('not gzip at all'), 'not valid gzip'],
    ['br', Buffer.from('not brotli at all'), 'not valid br'],
    ['deflate', Buffer.from('xyz not deflate'), 'not valid deflate'],
    ['lzma', Buffer.from('x'), 'compression "lzma"'],
    ['gzip, gzip, gzip', Buffer.from('x'), 'compressed 3 times'],
  ])('that is not really %s is invalid', async (encoding, body, message) => {
    const { origin } = await upstream((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body);
    });
    const error = await failureOf(client(origin).client.request('/'));
    expect(error).toMatchObject({ code: 'upstream_invalid' });
    expect(error.message).toContain(message);
  });

  test('without a body may name an encoding', async () => {
    const { origin } = await upstream((_request, response) => {
      response.writeHead(204, { 'content-encoding': 'gzip' }).end();
    });
    expect((await client(origin).client.request('/')).body).toHaveLength(0);
  });

  test('in another charset is read by it', async () => {
    const { origin } = await upstream((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' }).end(Buffer.from([0xe4]));
    });
    expect((await client(origin).client.request('/')).text()).toBe('ä');
  });

  test.each([200, 500])('of status %d that is larger than the cap is cut off', async (status) => {
    const { origin } = await upstream((_request, response) => {
      response.writeHead(status);
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        if (!response.destroyed) response.once('drain', write);
      };
      write();
    });
    const error = await failureOf(client(origin, { maxBytes: 1_000_000 }).client.request('/'));
    expect(error).toMatchObject({ code: 'upstream_too_large' });
    expect(error.message).toBe('demo: "radarr" sent an answer of more than 1000000 bytes');
  });

  test('that announces more than the cap is not read at all', async () => {
    const { origin } = await upstream((_request, response) => {
      response.writeHead(200, { 'content-length': 1001 }).flushHeaders();
    });
    const error = await failureOf(client(origin).client.request('/', { maxBytes: 1000 }));
    expect(error).toMatchObject({ code: 'upstream_too_large' });
  });

  test('of exactly the cap passes', async () => {
    const { origin } = await upstream((_request, response) => response.end(Buffer.alloc(1000)));
    expect((await client(origin, { maxBytes: 1000 }).client.request('/')).body).toHaveLength(1000);
  });

  test.each([
    ['gzip', gzipSync(Buffer.alloc(200_000_000))],
    ['br', brotliCompressSync(Buffer.alloc(20_000_000))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(200_000_000)))],
  ])('that blows up when decompressed (%s) is cut off early', async (encoding, bomb) => {
    const { origin } = await upstream((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(bomb);
    });
    const before = process.memoryUsage().arrayBuffers;
    const error = await failureOf(client(origin, { maxBytes: 1_000_000 }).client.request('/'));
    expect(error).toMatchObject({ code: 'upstream_too_large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });

  test('that is not JSON says what it is', async () => {
    const { origin } = await upstream((request, response) => {
      if (request.url === '/html') {
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<!doctype html><html><head><title> Sign in\n to "Authelia" </title>');
      } else if (request.url === '/hidden') response.end('  <html><body>hello');
      else if (request.url === '/shape') sendJson(response, { a: 1, b: [{ c: 'x' }] });
      else response.end(request.url === '/empty' ? '' : 'token=s3cret');
    });
    const { client: own } = client(origin);
    const schema = z.object({ a: z.string(), b: z.array(z.object({ c: z.number() })) });
    const failure = async (path: string) => {
      const answer = await own.request(path);
      return failureOf((async () => answer.json(schema))());
    };
    const page = await failure('/html');
    expect(page).toMatchObject({
      code: 'upstream_invalid',
      message: `demo: "radarr" answered with a web page titled "Sign in to 'Authelia'" instead of JSON`,
    });
    expect(page.cause).toBeUndefined();
    expect((await failure('/hidden')).message).toContain('answered with a web page instead of JSON');
    expect((await failure('/empty')).message).toContain('answered with an empty body instead of JSON');
    expect((await failure('/other')).message).toBe(
      'demo: "radarr" answered with something else instead of JSON',
    );
    expect((await failure('/shape')).message).toMatch(/unexpected shape \(a: .*; b\.0\.c: .*\)/);
  });
});

describe('a redirect', () => {
  const hop = (location: string, status = 302) =>
    upstream((request, response) => {
      if (request.url.startsWith('/start')) response.writeHead(status, { location }).end('moved');
      else sendJson(response, { method: request.method, url: request.url, body: request.body });
    });

  test.each([
    ['/login?returnUrl=%2Fstart', 'It asks for a login'],
    ['/radarr/start', 'expects another path'],
    ['https://elsewhere.example/x?key=s3cret', 'Set the URL to where the service itself is'],
  ])('to %s is an error that names the target and the cure', async (location, hint) => {
    const { origin } = await hop(location);
    const error = await failureOf(client(origin).client.request('/start'));
    expect(error).toMatchObject({ code: 'upstream_redirect', hint: expect.stringContaining(hint) });
    const target = new URL(location, origin);
    expect(error.message).toBe(
      `demo: "radarr" redirects GET /start (302) to ${target.origin}${target.pathname}`,
    );
  });

  test('to https of the same host says so', async () => {
    const { origin } = await hop('https://127.0.0.1/start');
    const error = await failureOf(client(origin).client.request('/start'));
    expect(error).toMatchObject({ hint: 'Write https:// in its URL (https://127.0.0.1).' });
  });

  test('within the origin is followed as often as allowed', async () => {
    const { origin } = await hop('/target');
    const own = client(origin, { redirects: 1 }).client;
    expect((await own.request('/start')).json()).toMatchObject({ url: '/target' });
    const { origin: circle, requests } = await hop('/start');
    const error = await failureOf(client(circle, { redirects: 3 }).client.request('/start'));
    expect(error).toMatchObject({ code: 'upstream_redirect' });
    expect(requests).toHaveLength(4);
  });

  test('to another origin is never followed, so that no key goes there', async () => {
    const other = await upstream((_request, response) => sendJson(response, {}));
    const { origin } = await hop(`${other.origin}/target`);
    const own = client(origin, { redirects: 5, headers: { 'x-api-key': 'k3y' } }).client;
    expect(await failureOf(own.request('/start'))).toMatchObject({ code: 'upstream_redirect' });
    expect(other.requests).toEqual([]);
  });

  test.each([
    [302, 'POST', 'GET', ''],
    [303, 'PUT', 'GET', ''],
    [307, 'POST', 'POST', '{"a":1}'],
    [308, 'PUT', 'PUT', '{"a":1}'],
  ] as const)('%d of a %s goes on as %s', async (status, method, then, body) => {
    const { origin } = await hop('/target', status);
    const answer = await client(origin, { redirects: 1 }).client.request('/start', {
      method,
      json: { a: 1 },
    });
    expect(answer.json()).toEqual({ method: then, url: '/target', body });
  });
});

describe('a status', () => {
  test.each([
    [401, {}, 'upstream_status', 'does not accept the key', ''],
    [403, { message: 'no right' }, 'upstream_status', 'does not allow it', ': no right'],
    [404, { error: { message: 'gone' } }, 'upstream_status', 'Check the path', ': gone'],
    [400, [{ errorMessage: 'name is taken' }], 'upstream_status', undefined, ': name is taken'],
    [503, {}, 'upstream_status', 'down or still starting', ''],
    [500, { detail: 'a\n b' }, 'upstream_status', 'its own log', ': a b'],
    [429, {}, 'upstream_rate_limited', 'limits how often', ''],
  ])('of %d is an error with a hint', async (status, body, code, hint, said) => {
    const { origin } = await upstream((_request, response) => sendJson(response, body, status));
    const error = await failureOf(client(origin).client.request('/x', { query: { a: 1 } }));
    expect(error).toMatchObject({ code, upstreamStatus: status, service: 'radarr', plugin: 'demo' });
    expect(error.message).toBe(`demo: "radarr" answered GET /x with ${status}${said}`);
    if (hint) expect(error).toMatchObject({ hint: expect.stringContaining(hint) });
  });

  test('with a page shows its title', async () => {
    const { origin } = await upstream((_request, response) => {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><title>502 Bad Gateway</title>');
    });
    const error = await failureOf(client(origin).client.request('/'));
    expect(error.message).toContain('with 502, a page titled "502 Bad Gateway"');
  });

  test('is an answer like any other where that was asked for, after the retries', async () => {
    const { origin, requests } = await upstream((_request, response) => sendJson(response, { e: 1 }, 503));
    const policy = { retry: { initialDelayMs: 0 }, circuit: { threshold: 4 } };
    const { client: own, clock } = client(origin, { policy });
    const answer = await settled(clock, own.request('/', { anyStatus: true }));
    expect(answer.status).toBe(503);
    expect(answer.json()).toEqual({ e: 1 });
    expect(requests).toHaveLength(3);
    expect(await failureOf(own.request('/', { method: 'POST' }))).toMatchObject({ upstreamStatus: 503 });
    expect(own.policy.circuit).toBe('open');
  });

  test('of 429 with Retry-After is tried again when it says', async () => {
    let calls = 0;
    const { origin } = await upstream((_request, response) => {
      calls += 1;
      if (calls < 3) {
        const date = new Date(Date.UTC(2026, 0, 5, 12, 0, 10)).toUTCString();
        response.setHeader('retry-after', calls === 1 ? '7' : date);
      }
      sendJson(response, {}, calls < 3 ? 429 : 200);
    });
    const { client: own, clock, lines } = client(origin, { policy: {} });
    const answer = own.request('/');
    const waits = () =>
      lines.filter(({ message }) => message === 'tries again').map(({ fields }) => fields.delayMs);
    await until(clock, () => waits().length === 1);
    await clock.advance(7000);
    await until(clock, () => waits().length === 2);
    expect(waits()).toEqual([7000, 3000]);
    await clock.advance(2999);
    expect(calls).toBe(2);
    await clock.advance(1);
    expect((await settled(clock, answer)).status).toBe(200);
  });
});

/** Gives sockets their turns, without letting time pass, until `done`. */
async function until(clock: FakeClock, done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !done(); turn++) await clock.advance(0);
  expect(done()).toBe(true);
}

/** The same until `promise` has settled. */
async function settled<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  promise.then(end, end);
  await until(clock, () => over);
  return promise;
}

describe('an upstream that is not well', () => {
  test('refuses the connection', async () => {
    const port = await closedPort();
    const outside = await failureOf(client(`http://127.0.0.1:${port}/x`).client.request('/'));
    expect(outside).toMatchObject({
      code: 'upstream_refused',
      message: `demo: "radarr" refused the connection at http://127.0.0.1:${port}`,
      hint: expect.stringContaining('Is it running'),
    });
    const inside = client(`http://localhost:${port}`, {}, { inContainer: () => true }).client;
    expect(await failureOf(inside.request('/'))).toMatchObject({
      code: 'upstream_refused',
      hint: expect.stringContaining('Inside a container, localhost is the container itself'),
    });
  });

  test('has a name that does not resolve', async () => {
    const error = await failureOf(client('http://no-such-host.invalid').client.request('/'));
    expect(error).toMatchObject({ code: 'upstream_unreachable' });
    expect(error.message).toContain('no-such-host.invalid');
  });

  test.each([
    ['breaks off before its headers', ''],
    ['breaks off in its body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf of it'],
    ['breaks off in a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\nhalf'],
  ])('%s', async (_name, bytes) => {
    const { origin } = await rawUpstream((socket) => socket.once('data', () => socket.end(bytes)));
    const error = await failureOf(client(origin).client.request('/'));
    expect(error).toMatchObject({ code: 'upstream_unreachable', hint: expect.stringContaining('https://') });
    expect(error.message).toContain('broke off before its answer was complete');
  });

  test('does not speak HTTP', async () => {
    const { origin } = await rawUpstream((socket) => socket.once('data', () => socket.end('SSH-2.0-x\r\n')));
    const error = await failureOf(client(origin).client.request('/'));
    expect(error).toMatchObject({ code: 'upstream_invalid' });
    expect(error.message).toContain('did not answer in HTTP');
  });

  test.each([
    ['never answers', () => {}],
    ['stalls in its body', (response: { write(text: string): void }) => response.write('{"a":')],
  ])('%s, until the timeout', async (_name, answer) => {
    const { origin, seen } = await upstream((_request, response) => answer(response));
    const { client: own, clock, metrics } = client(origin, { policy: { retry: false, timeoutMs: 5000 } });
    const failure = failureOf(own.request('/'));
    await seen(1);
    await clock.advance(4999);
    await clock.advance(1);
    expect(await failure).toMatchObject({
      code: 'upstream_timeout',
      message: `demo: "radarr" at ${origin} gave no complete answer within 5000 ms`,
    });
    expect(await metrics.read()).toMatchObject({
      'atoll_upstream_requests_total{plugin=demo,policy=radarr,outcome=timed_out}': 1,
    });
  });

  test('dribbles, which the timeout ends all the same', async () => {
    const { origin, seen } = await upstream((_request, response) => {
      const drip = setInterval(() => response.write('.'), 1);
      response.on('close', () => clearInterval(drip));
    });
    const { client: own, clock } = client(origin);
    const failure = failureOf(own.request('/', { timeoutMs: 1000 }));
    await seen(1);
    await clock.advance(1000);
    expect(await failure).toMatchObject({ code: 'upstream_timeout' });
  });
});

describe('what is sent again', () => {
  const always = (status: number) => upstream((_request, response) => sendJson(response, {}, status));

  test.each<[HttpRequest, number]>([
    [{}, 3],
    [{ method: 'PUT' }, 3],
    [{ method: 'DELETE' }, 3],
    [{ method: 'POST' }, 1],
    [{ method: 'PATCH' }, 1],
    [{ method: 'POST', retry: true }, 3],
    [{ retry: false }, 1],
  ])('%j is sent %d times to an upstream that is down', async (request, times) => {
    const { origin, requests } = await always(503);
    const policy = { retry: { initialDelayMs: 0 } };
    const { client: own, clock } = client(origin, { policy });
    const failure = await settled(clock, failureOf(own.request('/', request)));
    expect(failure).toMatchObject({ upstreamStatus: 503 });
    expect(requests).toHaveLength(times);
  });

  test('is anything whose connection was refused', async () => {
    const {
      client: own,
      clock,
      service,
    } = client(`http://127.0.0.1:${await closedPort()}`, {
      policy: { retry: { initialDelayMs: 0 } },
    });
    await settled(clock, failureOf(own.request('/', { method: 'POST', json: {} })));
    expect(service.state()[0]?.calls.retried).toBe(2);
  });
});

describe('the cache of a client', () => {
  const options = { policy: { retry: false as const, cache: { ttlMs: 1000 } } };
  const counting = () => {
    let calls = 0;
    return upstream((_request, response) => sendJson(response, { call: ++calls }));
  };

  test('answers equal GETs, and only those', async () => {
    const { origin, requests } = await counting();
    const { client: own } = client(origin, options);
    await Promise.all([own.request('/a'), own.request('/a')]);
    expect((await own.request('a')).json()).toEqual({ call: 1 });
    await own.request('/a', { query: { b: 1 } });
    await own.request('/a', { headers: { accept: 'text/plain' } });
    await own.request('/a', { cache: false });
    await own.request('/a', { method: 'POST' });
    expect(requests).toHaveLength(5);
    own.policy.invalidate('/a?b=1');
    await own.request('/a', { query: { b: 1 } });
    expect(requests).toHaveLength(6);
  });

  test('does not keep what turned out not to be JSON', async () => {
    let calls = 0;
    const { origin } = await upstream((_request, response) => {
      calls += 1;
      response.end(calls === 1 ? '<html><title>starting up</title>' : '{}');
    });
    const { client: own } = client(origin, options);
    const page = await own.request('/a');
    expect(() => page.json()).toThrow('starting up');
    expect((await own.request('/a')).json()).toEqual({});
  });
});

describe('secrets', () => {
  test('do not appear in any error or log, whatever the upstream does with them', async () => {
    const { host, origin } = await upstream((request, response) => {
      const echo = `${request.url} ${JSON.stringify(request.headers)}`;
      if (request.url.startsWith('/json')) sendJson(response, { error: echo }, 400);
      else if (request.url.startsWith('/page')) {
        response.writeHead(403, { 'content-type': 'text/html' }).end(`<title>${request.url}</title>`);
      } else if (request.url.startsWith('/redirect')) {
        response.writeHead(302, { location: `/login/h3ader-key/${encodeURIComponent(request.url)}` }).end();
      } else response.end(echo);
    });
    const secrets = ['h3ader-key', 'qu3ry/key', 'us3r-pass', 'qu3ry%2Fkey', btoa('admin:us3r-pass')];
    const {
      client: own,
      lines,
      service,
    } = client(`http://admin:us3r-pass@${host}`, {
      headers: { Authorization: 'Bearer h3ader-key' },
      secretParams: ['apikey'],
    });
    const { client: gone } = client(`http://admin:us3r-pass@127.0.0.1:${await closedPort()}`);
    const request = { query: { apikey: 'qu3ry/key' }, headers: { 'x-other': 'us3r-pass' } };
    const errors = [
      ...(await Promise.all(
        ['/json', '/page', '/redirect'].map((path) => failureOf(own.request(path, request))),
      )),
      await failureOf(gone.request('/h3ader-key', request)),
      await failureOf(own.request(`http://x:us3r-pass@${host}/h3ader-key`, request)),
      await own.request('/text', request).then((answer) => failureOf((async () => answer.json())())),
    ];
    const seen = [...errors.map(whole), JSON.stringify(lines), JSON.stringify(service.state())].join('\n');
    expect(seen).toContain(origin.slice(0, 16));
    for (const secret of secrets) expect(seen).not.toContain(secret);
  });
});

/** Everything an error says, its causes included. */
function whole(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? '';
  return `${error.stack} ${JSON.stringify({ ...error })} ${whole(error.cause)}`;
}

describe('a network that is denied', () => {
  test('is refused with the plugin and the URL, but for what is allowed', async () => {
    const { origin, host, requests } = await upstream((_request, response) => sendJson(response, {}));
    const allow: string[] = [];
    const { client: own, service } = client(`${origin}/x`, {}, { denyNetwork: true, allow });
    expect(await failureOf(own.request('/y', { query: { key: 's3cret' } }))).toMatchObject({
      code: 'network_denied',
      message: `demo: ${origin}/x/y was not called, the network is denied`,
      hint: `Answer it with a stub, or allow "${host}".`,
    });
    expect(requests).toEqual([]);
    expect(service.state()[0]?.calls.failed).toBe(0);
    allow.push(host);
    await own.request('/y');
    expect(requests).toHaveLength(1);
  });

  test('takes the usual port where the URL has none', async () => {
    const { client: own } = client('https://api.example.org', {}, { denyNetwork: true });
    expect(await failureOf(own.request('/'))).toMatchObject({
      hint: expect.stringContaining('"api.example.org:443"'),
    });
  });
});

describe('the end of a client', () => {
  test('aborts what is under way and closes its connections', async () => {
    const closed = Promise.withResolvers<void>();
    const { origin, seen } = await upstream((_request, response) => {
      response.on('close', closed.resolve);
    });
    const { client: own, resilience } = client(origin);
    const failure = failureOf(own.request('/'));
    await seen(1);
    await resilience.dispose();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    await closed.promise;
    expect(await failureOf(own.request('/'))).toMatchObject({ code: 'cancelled' });
  });

  test('a caller that aborts ends its own request only', async () => {
    const gate = Promise.withResolvers<void>();
    const { origin, seen } = await upstream((_request, response) => {
      void gate.promise.then(() => sendJson(response, {}));
    });
    const { client: own } = client(origin);
    const caller = new AbortController();
    const leaving = failureOf(own.request('/a', { signal: caller.signal }));
    const staying = own.request('/b');
    await seen(2);
    caller.abort();
    expect(await leaving).toMatchObject({ code: 'cancelled' });
    gate.resolve();
    expect((await staying).status).toBe(200);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
  });

  test('a thousand requests leave no timers, listeners or further connections', async () => {
    const { origin, connections } = await upstream((_request, response) => sendJson(response, {}));
    const { client: own, clock } = client(origin, { policy: { bulkhead: { concurrency: 20 } } });
    const caller = new AbortController();
    await Promise.all(Array.from({ length: 1000 }, () => own.request('/', { signal: caller.signal })));
    expect(clock.pending).toBe(0);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
    expect(connections()).toBeLessThanOrEqual(20);
  });
});
