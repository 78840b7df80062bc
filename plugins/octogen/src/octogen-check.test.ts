import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConnectionResult } from '@atoll/sdk';
import { createTestHost, type TestHost } from '@atoll/sdk/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { octogen } from './octogen.js';
import { FakeSubsonic, type FakeSubsonicOptions } from './server/fake-subsonic.fixture.js';

type Settings = { url?: string; user?: string; password?: string };

const address = 'The address is navidrome.url (NAVIDROME_URL).';

async function server(options?: FakeSubsonicOptions): Promise<FakeSubsonic> {
  const fake = await FakeSubsonic.start(options);
  onTestFinished(() => fake.stop());
  return fake;
}

async function start(navidrome: Settings, ai: object = {}): Promise<TestHost> {
  const network = navidrome.url === undefined ? [] : [new URL(navidrome.url).host];
  const host = await createTestHost({ plugins: [octogen], network, config: { octogen: { navidrome, ai } } });
  onTestFinished(() => host.stop());
  return host;
}

async function check(host: TestHost): Promise<ConnectionResult[]> {
  const response = await host.request('/api/v1/plugins/octogen/check', { method: 'POST' });
  expect(response.status).toBe(200);
  return response.json<{ items: ConnectionResult[] }>().items;
}

/** The line about the music server while time passes. */
async function checkServer(settings: Settings): Promise<ConnectionResult | undefined> {
  const host = await start(settings);
  let ended = false;
  const checked = check(host).finally(() => {
    ended = true;
  });
  while (!ended) {
    await host.clock.advance(500);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return (await checked)[0];
}

const known = (fake: FakeSubsonic): Settings => ({
  url: fake.url,
  user: fake.username,
  password: fake.password,
});

describe('the connection test', () => {
  it('says what the server is', async () => {
    expect(await checkServer(known(await server()))).toMatchObject({
      name: 'music server',
      status: 'healthy',
      message: 'navidrome 0.58.0, signed in by token',
    });
  });

  it('names the variables that are not set', async () => {
    expect(await checkServer({ user: 'alice' })).toMatchObject({
      status: 'degraded',
      message: 'NAVIDROME_URL, NAVIDROME_PASSWORD not set',
      hint: expect.stringContaining('address, user and password'),
    });
  });

  it('names user and password when they are refused', async () => {
    expect(await checkServer({ ...known(await server()), password: 'wrong' })).toMatchObject({
      status: 'unhealthy',
      message: 'the music server refused the sign-in: Wrong username or password',
      hint: 'Check navidrome.user and navidrome.password (NAVIDROME_USER, NAVIDROME_PASSWORD).',
    });
  });

  it('names the address when a web page answers', async () => {
    const fake = await server({ basePath: '/music' });
    expect(await checkServer({ ...known(fake), url: fake.url.replace('/music', '') })).toMatchObject({
      status: 'unhealthy',
      message: 'the music server answered ping with a web page',
      hint: expect.stringMatching(/below a path .* The address is navidrome\.url \(NAVIDROME_URL\)\.$/),
    });
  });

  it('names the address when a redirect leads elsewhere', async () => {
    const fake = await server();
    fake.fault({ kind: 'redirect', location: 'https://127.0.0.1/rest/ping.view' });
    const result = await checkServer(known(fake));
    expect(result).toMatchObject({ status: 'unhealthy', message: expect.stringContaining('redirects') });
    expect(result?.hint).toContain(address);
  });

  it('names the address when nothing listens there', async () => {
    const fake = await server();
    const settings = known(fake);
    await fake.stop();
    const result = await checkServer(settings);
    expect(result).toMatchObject({
      status: 'unhealthy',
      message: expect.stringContaining('refused the connection'),
    });
    expect(result?.hint).toContain(address);
  });

  it('names the address when https is asked of a port that speaks plain http', async () => {
    const plain = createServer((_request, response) => response.end('It works!'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void plain.close());
    const url = `https://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    const result = await checkServer({ url, user: 'alice', password: 'x' });
    expect(result).toMatchObject({
      status: 'unhealthy',
      message: expect.stringContaining('does not speak TLS'),
    });
    expect(result?.hint).toContain(address);
  });

  it('does not wait for ever for a server that hangs', async () => {
    const fake = await server();
    fake.fault({ kind: 'hang' });
    expect(await checkServer(known(fake))).toMatchObject({
      status: 'unhealthy',
      message: 'no answer within 10 s',
      hint: expect.stringContaining('NAVIDROME_URL'),
    });
  });

  it('says when backend and model do not go together, without asking a model', async () => {
    const fake = await server();
    const host = await start(known(fake), {
      apiKey: 'k-1234567',
      backend: 'openai',
      model: 'gemini-2.5-flash',
    });
    expect((await check(host))[1]).toMatchObject({
      name: 'language model',
      status: 'degraded',
      message: 'openai is not where gemini-2.5-flash is usually found',
    });
  });
});
