import { describe, expect, it } from 'vitest';
import { supysonicProfile } from './fake-subsonic-profile.fixture.js';
import { ended, failureOf, setup } from './subsonic-setup.fixture.js';

describe('a Subsonic server out of order', () => {
  it('says that the base path may be missing when a web page answers', async () => {
    const { server } = await setup({ basePath: '/music', url: (fake) => fake.url.replace('/music', '') });
    const error = await failureOf(server.probe());
    expect(error).toMatchObject({ code: 'upstream_invalid' });
    expect(error.message).toContain('a web page');
    expect((error as { hint?: string }).hint).toContain('below a path');
  });

  it.each([
    ['html', 'a web page', 'upstream_invalid'],
    ['xml', 'XML', 'upstream_invalid'],
    ['text', 'plain text', 'upstream_invalid'],
    ['foreign', 'JSON of another kind', 'upstream_invalid'],
  ] as const)('tells %s from an answer', async (kind, words, code) => {
    const { server, fake } = await setup();
    fake.fault({ kind });
    const error = await failureOf(server.probe());
    expect(error).toMatchObject({ code, service: 'subsonic' });
    expect(error.message).toContain(words);
    expect(error).toHaveProperty('hint', expect.any(String));
  });

  it('says where a redirect leads instead of following it with the password', async () => {
    const { server, fake } = await setup();
    fake.fault({ kind: 'redirect', location: 'https://127.0.0.1/rest/ping.view' });
    const error = await failureOf(server.probe());
    expect(error).toMatchObject({ code: 'upstream_redirect' });
    expect((error as { hint?: string }).hint).toContain('https://');
  });

  it.each([
    [401, 'auth_required'],
    [403, 'auth_required'],
    [404, 'upstream_status'],
    [405, 'upstream_status'],
    [500, 'upstream_status'],
  ])('HTTP %i without a Subsonic answer is %s', async (status, code) => {
    const { server, fake } = await setup();
    fake.fault({ kind: 'status', status, body: 'nginx' });
    expect(await failureOf(server.probe())).toMatchObject({ code });
  });

  it('reads the reason out of an answer with HTTP 404, as for a method that the server lacks', async () => {
    const { server, fake } = await setup({ profile: supysonicProfile });
    await server.probe();
    fake.fault({
      kind: 'status',
      status: 404,
      headers: { 'content-type': 'application/json' },
      body: '{"subsonic-response":{"status":"failed","version":"1.10.2","error":{"code":0,"message":"Unknown method"}}}',
    });
    expect(await failureOf(server.starredIds())).toMatchObject({
      reason: 0,
      message: expect.stringContaining('Unknown method'),
    });
  });

  it('takes a badly formed id for one that does not exist', async () => {
    const { server, fake } = await setup();
    fake.fault({
      kind: 'error',
      code: 0,
      message: 'ValueError: badly formed hexadecimal UUID string',
      method: 'getPlaylist',
    });
    expect(await server.playlistSongIds('17')).toBeNull();
  });

  it('tries again after an outage, for everything but creating', async () => {
    const { server, fake, clock } = await setup();
    await server.probe();
    fake.fault({ kind: 'status', status: 503, times: 2 });
    expect(await ended(clock, server.albums(0, 10))).toMatchObject({ status: 'fulfilled' });
    const id = fake.addPlaylist({ name: 'Mix' });
    fake.fault({ kind: 'reset', times: 2, method: 'createPlaylist' });
    expect(await ended(clock, server.replaceSongs(id, ['song-1-1']))).toMatchObject({ status: 'fulfilled' });
    expect(fake.playlists.get(id)?.songIds).toEqual(['song-1-1']);
  });

  it('passes on for how long a busy server asks to wait', async () => {
    const { server, fake, clock } = await setup();
    await server.probe();
    fake.fault({ kind: 'status', status: 429, headers: { 'retry-after': '2' } });
    const result = await ended(clock, server.albums(0, 1));
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'upstream_rate_limited', retryAfterMs: 2000 },
    });
  });

  it('gives up on a server that hangs', async () => {
    const { server, fake, clock } = await setup();
    await server.probe();
    fake.fault({ kind: 'hang', method: 'getAlbumList2' });
    expect(await ended(clock, server.albums(0, 1))).toMatchObject({
      status: 'rejected',
      reason: { code: 'upstream_timeout' },
    });
  });

  it('ends at once when its caller leaves', async () => {
    const { server, fake } = await setup();
    await server.probe();
    fake.fault({ kind: 'hang' });
    const stop = new AbortController();
    const call = failureOf(server.albums(0, 1, stop.signal));
    stop.abort(new Error('leaving'));
    expect(await call).toBeInstanceOf(Error);
  });

  it('says that a server refuses connections', async () => {
    const { server, fake, clock } = await setup();
    await fake.stop();
    expect(await ended(clock, server.probe())).toMatchObject({
      status: 'rejected',
      reason: { code: 'upstream_refused' },
    });
  });

  it.each([
    ['an object where a list is meant', '{"id":"1","name":"One","songCount":1}', 1],
    ['no list at all', 'null', 0],
    ['an empty text', '""', 0],
    ['entries that are nothing', '[null,{},{"id":7,"songCount":"3"}]', 1],
  ])('survives %s', async (_, album, length) => {
    const { server, fake } = await setup();
    await server.probe();
    fake.fault({
      kind: 'body',
      body: `{"subsonic-response":{"status":"ok","version":"1.16.1","albumList2":{"album":${album}}}}`,
    });
    expect(await server.albums(0, 10)).toHaveLength(length);
  });
});
