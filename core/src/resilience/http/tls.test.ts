import { expect, onTestFinished, test } from 'vitest';
import { failureOf, resilienceFixture } from '../resilience.fixture.js';
import { sendJson, tlsUpstream, upstream } from './upstream.fixture.js';

function failure(baseUrl: string): Promise<Error> {
  const { resilience } = resilienceFixture();
  onTestFinished(() => resilience.dispose());
  return failureOf(resilience.client('radarr', { baseUrl, policy: { retry: false } }).request('/'));
}

test('a certificate of its own is an error that names the cure', async () => {
  const { origin } = await tlsUpstream((_request, response) => sendJson(response, {}));
  expect(await failure(origin)).toMatchObject({
    code: 'upstream_tls',
    message: `demo: "radarr" has a certificate at ${origin} that no known authority signed`,
    hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
  });
});

test('https to a port of plain http says so', async () => {
  const { host } = await upstream((_request, response) => sendJson(response, {}));
  expect(await failure(`https://${host}`)).toMatchObject({
    code: 'upstream_tls',
    message: `demo: "radarr" does not speak TLS at ${host}`,
    hint: expect.stringContaining('http://'),
  });
});

test('http to a port of https hints at it', async () => {
  const { host } = await tlsUpstream((_request, response) => sendJson(response, {}));
  const error = await failure(`http://${host}`);
  expect(error).toMatchObject({ hint: expect.stringContaining('write https://') });
});
