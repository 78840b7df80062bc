import { describe, expect, test } from 'vitest';
import { failureOf } from '../resilience.fixture.js';
import { clientFixture } from './http-client.fixture.js';
import { closedPort, sendJson, upstream } from './upstream.fixture.js';

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
    } = clientFixture(`http://admin:us3r-pass@${host}`, {
      headers: { Authorization: 'Bearer h3ader-key' },
      secretParams: ['apikey'],
    });
    const { client: gone } = clientFixture(`http://admin:us3r-pass@127.0.0.1:${await closedPort()}`);
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
