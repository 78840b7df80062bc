import { describe, expect, test } from 'vitest';
import { failureOf } from '../resilience.fixture.js';
import { clientFixture, settled, until } from './http-client.fixture.js';
import { sendJson, upstream } from './upstream.fixture.js';

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
    const error = await failureOf(clientFixture(origin).client.request('/start'));
    expect(error).toMatchObject({ code: 'upstream_redirect', hint: expect.stringContaining(hint) });
    const target = new URL(location, origin);
    expect(error.message).toBe(
      `demo: "radarr" redirects GET /start (302) to ${target.origin}${target.pathname}`,
    );
  });

  test('to https of the same host says so', async () => {
    const { origin } = await hop('https://127.0.0.1/start');
    const error = await failureOf(clientFixture(origin).client.request('/start'));
    expect(error).toMatchObject({ hint: 'Write https:// in its URL (https://127.0.0.1).' });
  });

  test('within the origin is followed as often as allowed', async () => {
    const { origin } = await hop('/target');
    const own = clientFixture(origin, { redirects: 1 }).client;
    expect((await own.request('/start')).json()).toMatchObject({ url: '/target' });
    const { origin: circle, requests } = await hop('/start');
    const error = await failureOf(clientFixture(circle, { redirects: 3 }).client.request('/start'));
    expect(error).toMatchObject({ code: 'upstream_redirect' });
    expect(requests).toHaveLength(4);
  });

  test('to another origin is never followed, so that no key goes there', async () => {
    const other = await upstream((_request, response) => sendJson(response, {}));
    const { origin } = await hop(`${other.origin}/target`);
    const own = clientFixture(origin, { redirects: 5, headers: { 'x-api-key': 'k3y' } }).client;
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
    const answer = await clientFixture(origin, { redirects: 1 }).client.request('/start', {
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
    const error = await failureOf(clientFixture(origin).client.request('/x', { query: { a: 1 } }));
    expect(error).toMatchObject({ code, upstreamStatus: status, service: 'radarr', plugin: 'demo' });
    expect(error.message).toBe(`demo: "radarr" answered GET /x with ${status}${said}`);
    if (hint) expect(error).toMatchObject({ hint: expect.stringContaining(hint) });
  });

  test('with a page shows its title', async () => {
    const { origin } = await upstream((_request, response) => {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<html><title>502 Bad Gateway</title>');
    });
    const error = await failureOf(clientFixture(origin).client.request('/'));
    expect(error.message).toContain('with 502, a page titled "502 Bad Gateway"');
  });

  test('is an answer like any other where that was asked for, after the retries', async () => {
    const { origin, requests } = await upstream((_request, response) => sendJson(response, { e: 1 }, 503));
    const policy = { retry: { initialDelayMs: 0 }, circuit: { threshold: 4 } };
    const { client: own, clock } = clientFixture(origin, { policy });
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
    const { client: own, clock, lines } = clientFixture(origin, { policy: {} });
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
