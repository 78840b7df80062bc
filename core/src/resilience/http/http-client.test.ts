import { getEventListeners } from 'node:events';
import type { HttpRequest } from '@atoll/sdk';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { failureOf } from '../resilience.fixture.js';
import { clientFixture, settled } from './http-client.fixture.js';
import { closedPort, sendJson, upstream } from './upstream.fixture.js';

describe('a request', () => {
  test('goes out with the headers, query and body it was given', async () => {
    const { origin, requests } = await upstream((_request, response) => sendJson(response, { ok: true }));
    const { client: own } = clientFixture(`${origin}/base`, {
      headers: { 'X-Api-Key': 'k3y', Accept: 'text/x' },
    });
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
    await clientFixture(`http://me:p%40ss@${host}`).client.request('/');
    expect(requests[0]?.headers.authorization).toBe(`Basic ${btoa('me:p@ss')}`);
  });

  test('uses its connection again', async () => {
    const { origin, connections } = await upstream((_request, response) => sendJson(response, {}));
    const { client: own } = clientFixture(origin);
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
    const error = await failureOf(clientFixture('http://127.0.0.1:1/base').client.request(path, request));
    expect(error).toMatchObject({ code: 'bad_request', plugin: 'demo' });
    expect(error.message).toContain(`demo: the request to "radarr" cannot be sent: `);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('s3cret');
  });

  test.each(['nonsense', 'ftp://host', 'http://host?x=1'])('needs a base URL, not %s', (baseUrl) => {
    expect(() => clientFixture(baseUrl)).toThrow('demo: the URL of "radarr" ');
  });

  test('writes one debug line, without query and secrets', async () => {
    const { origin } = await upstream((request, response) =>
      sendJson(response, {}, request.url.startsWith('/no') ? 404 : 200),
    );
    const { client: own, lines } = clientFixture(origin, {
      secretParams: ['t'],
      headers: { 'x-key': 'h3ader' },
    });
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
    const { client: own, clock } = clientFixture(origin, { policy });
    const failure = await settled(clock, failureOf(own.request('/', request)));
    expect(failure).toMatchObject({ upstreamStatus: 503 });
    expect(requests).toHaveLength(times);
  });

  test('is anything whose connection was refused', async () => {
    const {
      client: own,
      clock,
      service,
    } = clientFixture(`http://127.0.0.1:${await closedPort()}`, {
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
    const { client: own } = clientFixture(origin, options);
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
    const { client: own } = clientFixture(origin, options);
    const page = await own.request('/a');
    expect(() => page.json()).toThrow('starting up');
    expect((await own.request('/a')).json()).toEqual({});
  });
});

describe('a network that is denied', () => {
  test('is refused with the plugin and the URL, but for what is allowed', async () => {
    const { origin, host, requests } = await upstream((_request, response) => sendJson(response, {}));
    const allow: string[] = [];
    const { client: own, service } = clientFixture(`${origin}/x`, {}, { denyNetwork: true, allow });
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
    const { client: own } = clientFixture('https://api.example.org', {}, { denyNetwork: true });
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
    const { client: own, resilience } = clientFixture(origin);
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
    const { client: own } = clientFixture(origin);
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
    const { client: own, clock } = clientFixture(origin, { policy: { bulkhead: { concurrency: 20 } } });
    const caller = new AbortController();
    await Promise.all(Array.from({ length: 1000 }, () => own.request('/', { signal: caller.signal })));
    expect(clock.pending).toBe(0);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
    expect(connections()).toBeLessThanOrEqual(20);
  });
});
