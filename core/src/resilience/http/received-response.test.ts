import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { failureOf } from '../resilience.fixture.js';
import { clientFixture } from './http-client.fixture.js';
import { sendJson, upstream } from './upstream.fixture.js';

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
    const answer = await clientFixture(origin).client.request('/');
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
    const error = await failureOf(clientFixture(origin).client.request('/'));
    expect(error).toMatchObject({ code: 'upstream_invalid' });
    expect(error.message).toContain(message);
  });

  test('without a body may name an encoding', async () => {
    const { origin } = await upstream((_request, response) => {
      response.writeHead(204, { 'content-encoding': 'gzip' }).end();
    });
    expect((await clientFixture(origin).client.request('/')).body).toHaveLength(0);
  });

  test('in another charset is read by it', async () => {
    const { origin } = await upstream((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; charset=iso-8859-1' }).end(Buffer.from([0xe4]));
    });
    expect((await clientFixture(origin).client.request('/')).text()).toBe('ä');
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
    const error = await failureOf(clientFixture(origin, { maxBytes: 1_000_000 }).client.request('/'));
    expect(error).toMatchObject({ code: 'upstream_too_large' });
    expect(error.message).toBe('demo: "radarr" sent an answer of more than 1000000 bytes');
  });

  test('that announces more than the cap is not read at all', async () => {
    const { origin } = await upstream((_request, response) => {
      response.writeHead(200, { 'content-length': 1001 }).flushHeaders();
    });
    const error = await failureOf(clientFixture(origin).client.request('/', { maxBytes: 1000 }));
    expect(error).toMatchObject({ code: 'upstream_too_large' });
  });

  test('of exactly the cap passes', async () => {
    const { origin } = await upstream((_request, response) => response.end(Buffer.alloc(1000)));
    expect((await clientFixture(origin, { maxBytes: 1000 }).client.request('/')).body).toHaveLength(1000);
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
    const error = await failureOf(clientFixture(origin, { maxBytes: 1_000_000 }).client.request('/'));
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
    const { client: own } = clientFixture(origin);
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
