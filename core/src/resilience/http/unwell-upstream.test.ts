import { describe, expect, test } from 'vitest';
import { failureOf } from '../resilience.fixture.js';
import { clientFixture } from './http-client.fixture.js';
import { closedPort, rawUpstream, upstream } from './upstream.fixture.js';

describe('an upstream that is not well', () => {
  test('refuses the connection', async () => {
    const port = await closedPort();
    const outside = await failureOf(clientFixture(`http://127.0.0.1:${port}/x`).client.request('/'));
    expect(outside).toMatchObject({
      code: 'upstream_refused',
      message: `demo: "radarr" refused the connection at http://127.0.0.1:${port}`,
      hint: expect.stringContaining('Is it running'),
    });
    const inside = clientFixture(`http://localhost:${port}`, {}, { inContainer: () => true }).client;
    expect(await failureOf(inside.request('/'))).toMatchObject({
      code: 'upstream_refused',
      hint: expect.stringContaining('Inside a container, localhost is the container itself'),
    });
  });

  test('has a name that does not resolve', async () => {
    const error = await failureOf(clientFixture('http://no-such-host.invalid').client.request('/'));
    expect(error).toMatchObject({ code: 'upstream_unreachable' });
    expect(error.message).toContain('no-such-host.invalid');
  });

  test.each([
    ['breaks off before its headers', ''],
    ['breaks off in its body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf of it'],
    ['breaks off in a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\nhalf'],
  ])('%s', async (_name, bytes) => {
    const { origin } = await rawUpstream((socket) => socket.once('data', () => socket.end(bytes)));
    const error = await failureOf(clientFixture(origin).client.request('/'));
    expect(error).toMatchObject({ code: 'upstream_unreachable', hint: expect.stringContaining('https://') });
    expect(error.message).toContain('broke off before its answer was complete');
  });

  test('does not speak HTTP', async () => {
    const { origin } = await rawUpstream((socket) => socket.once('data', () => socket.end('SSH-2.0-x\r\n')));
    const error = await failureOf(clientFixture(origin).client.request('/'));
    expect(error).toMatchObject({ code: 'upstream_invalid' });
    expect(error.message).toContain('did not answer in HTTP');
  });

  test.each([
    ['never answers', () => {}],
    ['stalls in its body', (response: { write(text: string): void }) => response.write('{"a":')],
  ])('%s, until the timeout', async (_name, answer) => {
    const { origin, seen } = await upstream((_request, response) => answer(response));
    const {
      client: own,
      clock,
      metrics,
    } = clientFixture(origin, { policy: { retry: false, timeoutMs: 5000 } });
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
    const { client: own, clock } = clientFixture(origin);
    const failure = failureOf(own.request('/', { timeoutMs: 1000 }));
    await seen(1);
    await clock.advance(1000);
    expect(await failure).toMatchObject({ code: 'upstream_timeout' });
  });
});
