import { type HttpRequest, isAtollError, type Resilience } from '@atoll/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import {
  failureOf,
  memoryLogger,
  resilienceFixture,
} from '../../../../core/src/resilience/resilience.fixture.js';
import {
  FakeSubsonic,
  type FakeSubsonicOptions,
  navidromeProfile,
  supysonicProfile,
} from './fake-subsonic.fixture.js';
import { fakeSongs } from './fake-subsonic-data.fixture.js';
import { SubsonicServer } from './subsonic-server.js';

const running: FakeSubsonic[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((fake) => fake.stop()));
});

async function setup(
  options: FakeSubsonicOptions & { url?: (fake: FakeSubsonic) => string; credentials?: object } = {},
) {
  const fake = await FakeSubsonic.start({ songs: fakeSongs(4, 3), ...options });
  running.push(fake);
  const fixture = resilienceFixture();
  const connect = (changes: object = {}) => {
    const url = options.url?.(fake) ?? fake.url;
    const settings = { url, username: fake.username, password: fake.password, ...changes };
    return new SubsonicServer(fixture.resilience, settings, memoryLogger().logger);
  };
  return { fake, ...fixture, server: connect(options.credentials) };
}

/** Protection whose client never leaves the process and answers with these envelopes. */
function answering(answer: (request: HttpRequest) => object): Resilience {
  const { resilience } = resilienceFixture({ denyNetwork: true });
  const request = async (_path: string, sent: HttpRequest = {}) => ({
    status: 200,
    headers: {},
    body: new Uint8Array(),
    text: () => JSON.stringify({ 'subsonic-response': answer(sent) }),
    json: () => undefined as never,
  });
  return {
    policy: (name) => resilience.policy(name),
    budget: (name, options) => resilience.budget(name, options),
    client: (name) => ({ name, policy: resilience.policy(name), request }),
  };
}

/** Lets retries run on the fake clock until the call has ended. */
async function ended<T>(
  clock: { advance(ms: number): Promise<void> },
  call: Promise<T>,
): Promise<PromiseSettledResult<T>> {
  let done = false;
  const settled = Promise.allSettled([call]).then(([result]) => {
    done = true;
    return result as PromiseSettledResult<T>;
  });
  for (let turn = 0; turn < 400 && !done; turn++) await clock.advance(250);
  return settled;
}

describe.each([
  ['navidrome', navidromeProfile, 'token'],
  ['supysonic', supysonicProfile, 'password'],
] as const)('SubsonicServer with a server like %s', (_, profile, auth) => {
  it('signs in and says what the server is', async () => {
    const { server, fake } = await setup({ profile });
    expect(await server.probe()).toEqual({
      product: profile.product ?? 'subsonic',
      version: profile.product ? '0.58.0' : '1.10.2',
      openSubsonic: profile.product !== null,
      auth,
    });
    expect(fake.requests[0]?.params.get('p')).toBe(
      auth === 'token' ? null : `enc:${Buffer.from(fake.password).toString('hex')}`,
    );
  });

  it('refuses a wrong password as such', async () => {
    const { server } = await setup({ profile, credentials: { password: 'wrong' } });
    const error = await failureOf(server.probe());
    expect(isAtollError(error, 'auth_required')).toBe(true);
    expect(error.message).toContain('Wrong username or password');
    expect(isAtollError(await failureOf(server.albums(0, 10)), 'auth_required')).toBe(true);
  });

  it('pages albums and reads their songs', async () => {
    const { server } = await setup({ profile });
    const first = await server.albums(0, 3);
    const rest = await server.albums(3, 3);
    expect([...first, ...rest].map((album) => album.id)).toEqual([
      'album-1',
      'album-2',
      'album-3',
      'album-4',
    ]);
    expect(await server.albums(4, 3)).toEqual([]);
    const songs = await server.albumSongs('album-2');
    expect(songs).toHaveLength(3);
    expect(songs[0]).toMatchObject({ id: 'song-2-1', artist: 'Band 1', durationMs: 147_000, rating: 0 });
  });

  it('creates a list and returns its id, among others of the same name', async () => {
    const { server, fake } = await setup({ profile });
    fake.addPlaylist({ name: 'Mix', songIds: ['song-1-1'] });
    fake.addPlaylist({ name: 'Mix', owner: 'bob', public: true });
    const id = await server.createPlaylist('Mix', ['song-2-1', 'song-1-2', 'song-2-1']);
    expect(fake.playlists.get(id)).toMatchObject({
      name: 'Mix',
      songIds: ['song-2-1', 'song-1-2', 'song-2-1'],
    });
    expect(fake.playlists.size).toBe(3);
    expect(await server.playlistSongIds(id)).toEqual(['song-2-1', 'song-1-2', 'song-2-1']);
  });

  it('knows its own new list from one that someone made in the same moment', async () => {
    const { server, fake } = await setup({ profile });
    fake.onRequest = ({ method }) => {
      if (method !== 'createPlaylist') return;
      fake.onRequest = null;
      fake.addPlaylist({ name: 'Mix', songIds: ['song-3-1'] });
    };
    const id = await server.createPlaylist('Mix', ['song-1-1']);
    expect(fake.playlists.get(id)?.songIds).toEqual(['song-1-1']);
  });

  it('finds the list that was made although the answer was lost, and makes no second one', async () => {
    const { server, fake, clock } = await setup({ profile });
    fake.fault({ method: 'createPlaylist', kind: 'after', times: 1 });
    const result = await ended(clock, server.createPlaylist('Mix', ['song-1-1']));
    expect(result).toEqual({ status: 'fulfilled', value: [...fake.playlists.keys()][0] });
    expect(fake.playlists.size).toBe(1);
  });

  it('does not try again to make a list that was not made', async () => {
    const { server, fake, clock } = await setup({ profile });
    fake.fault({ method: 'createPlaylist', kind: 'status', status: 503, times: 1 });
    const result = await ended(clock, server.createPlaylist('Mix', ['song-1-1']));
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'upstream_status', upstreamStatus: 503 },
    });
    expect(fake.playlists.size).toBe(0);
  });

  it('replaces songs and keeps id, name and comment', async () => {
    const { server, fake } = await setup({ profile });
    const id = fake.addPlaylist({ name: 'Mix', comment: 'mine', songIds: ['song-1-1', 'song-1-2'] });
    await server.replaceSongs(id, ['song-1-2', 'song-3-3']);
    expect(fake.playlists.get(id)).toMatchObject({
      name: 'Mix',
      comment: 'mine',
      songIds: ['song-1-2', 'song-3-3'],
    });
    await server.replaceSongs(id, []);
    expect(await server.playlistSongIds(id)).toEqual([]);
  });

  it('sends a thousand songs at once', async () => {
    const { server, fake } = await setup({ profile, songs: fakeSongs(100, 10) });
    const ids = [...fake.songs.keys()];
    const id = await server.createPlaylist('All', ids);
    expect(await server.playlistSongIds(id)).toEqual(ids);
  });

  it('changes and clears a comment', async () => {
    const { server, fake } = await setup({ profile });
    const id = fake.addPlaylist({ name: 'Mix' });
    await server.describePlaylist(id, { name: 'Mix 2', comment: 'why' });
    expect((await server.playlists())[0]).toMatchObject({ name: 'Mix 2', comment: 'why' });
    await server.describePlaylist(id, { comment: '' });
    expect((await server.playlists())[0]).toMatchObject({ name: 'Mix 2', comment: null });
  });

  it('lists own lists and public ones of others under their real names', async () => {
    const { server, fake } = await setup({ profile });
    expect(await server.playlists()).toEqual([]);
    fake.addPlaylist({ id: 'a', name: 'Mine', songIds: ['song-1-1'] });
    fake.addPlaylist({ id: 'b', name: 'Theirs', owner: 'bob', public: true });
    fake.addPlaylist({ id: 'c', name: 'Hidden', owner: 'bob' });
    expect(await server.playlists()).toEqual([
      { id: 'a', name: 'Mine', owner: 'alice', own: true, songCount: 1, comment: null },
      { id: 'b', name: 'Theirs', owner: 'bob', own: false, songCount: 0, comment: null },
    ]);
  });

  it('deletes a list, also one that is gone already, but not one of another user', async () => {
    const { server, fake } = await setup({ profile });
    const id = fake.addPlaylist({ name: 'Mix' });
    await server.deletePlaylist(id);
    await server.deletePlaylist(id);
    expect(fake.playlists.size).toBe(0);
    const theirs = fake.addPlaylist({ name: 'Theirs', owner: 'bob', public: true });
    expect(await failureOf(server.deletePlaylist(theirs))).toMatchObject({
      code: 'upstream_status',
      reason: 50,
    });
  });

  it('says that a list is gone by null', async () => {
    const { server } = await setup({ profile });
    expect(await server.playlistSongIds('nothing')).toBeNull();
  });

  it('lists stars, and none where there are none', async () => {
    const { server, fake } = await setup({ profile });
    expect(await server.starredIds()).toEqual(new Set());
    const song = fake.songs.get('song-1-2');
    if (song) song.starred = '2026-01-02T03:04:05';
    expect(await server.starredIds()).toEqual(new Set(['song-1-2']));
    const read = (await server.albumSongs('album-1')).find((one) => one.id === 'song-1-2');
    expect(read?.starredAt).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
  });
});

describe('SubsonicServer', () => {
  it('never puts credentials into an address', async () => {
    const { server, fake } = await setup({ profile: supysonicProfile });
    let urls = '';
    fake.onUrl = (url) => {
      urls += url;
    };
    await server.albums(0, 10);
    await server.createPlaylist('Mix', ['song-1-1']);
    expect(urls).toContain('/rest/getAlbumList2.view');
    expect(urls).not.toContain('?');
  });

  it.each([41, 42])('falls back on the password when the token is refused with %i', async (code) => {
    const { server, fake } = await setup();
    fake.fault({ kind: 'error', code, when: (params) => params.has('t') });
    expect(await server.probe()).toMatchObject({ auth: 'password' });
  });

  it('does not send the password after a token that was refused as wrong', async () => {
    const { server, fake } = await setup();
    const sent: string[] = [];
    fake.fault({ kind: 'error', code: 40, when: (params) => sent.push(params.has('p') ? 'p' : 't') > 0 });
    expect(isAtollError(await failureOf(server.probe()), 'auth_required')).toBe(true);
    expect(sent).toEqual(['t']);
  });

  it('probes once, however many calls come first', async () => {
    const { server, fake } = await setup();
    await Promise.all([server.albums(0, 1), server.albums(1, 1), server.playlists()]);
    expect(fake.count('ping')).toBe(1);
  });

  it('does not let one caller who leaves end the probe of another', async () => {
    const { server, fake } = await setup();
    fake.fault({ kind: 'slow', ms: 30, method: 'ping' });
    const stop = new AbortController();
    const [left, stayed] = [failureOf(server.probe(stop.signal)), server.probe()];
    stop.abort(new Error('leaving'));
    expect((await left).message).toBe('leaving');
    expect(await stayed).toMatchObject({ product: 'navidrome' });
  });

  it('asks for six things at once at most', async () => {
    const { server, fake } = await setup({ songs: fakeSongs(30, 1) });
    await server.probe();
    fake.fault({ kind: 'slow', ms: 5 });
    await Promise.all(Array.from({ length: 30 }, (_, at) => server.albumSongs(`album-${at + 1}`)));
    expect(fake.load.peak).toBe(6);
  });

  it.each([
    ['http://music.example.org', 1],
    ['http://8.8.8.8:4533', 1],
    ['http://[2a00::1]', 1],
    ['https://music.example.org', 0],
    ['http://127.0.0.1:4533', 0],
    ['http://192.168.1.5:4533', 0],
    ['http://[fd00::1]', 0],
    ['http://navidrome:4533', 0],
    ['http://nas.local', 0],
  ])('at %s warns %i times that the password is readable', async (url, warnings) => {
    const { logger, lines } = memoryLogger();
    const answered: HttpRequest[] = [];
    const resilience = answering((request) => {
      answered.push(request);
      return request.form?.p === undefined
        ? { status: 'failed', error: { code: 41, message: 'no tokens' } }
        : { status: 'ok', version: '1.10.2' };
    });
    const server = new SubsonicServer(resilience, { url, username: 'alice', password: 'x' }, logger);
    await server.probe();
    await server.probe();
    expect(answered).toHaveLength(4);
    expect(lines.map((line) => line.level)).toEqual(Array.from({ length: warnings }, () => 'warn'));
  });

  it('works below a path, and where the URL was copied with /rest', async () => {
    const { server } = await setup({ basePath: '/music', url: (fake) => `${fake.url}/rest/` });
    expect(await server.albums(0, 10)).toHaveLength(4);
    expect(server.account).toMatch(/^alice@127\.0\.0\.1:\d+\/music$/);
  });

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
    running.length = 0;
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

  it('changes the revision of an album with what the server says of it, not with the order it says it in', async () => {
    const { server, fake } = await setup();
    const revision = async () => (await server.albums(0, 1))[0]?.revision;
    const before = await revision();
    expect(await revision()).toBe(before);
    const song = fake.songs.get('song-1-1');
    if (song) song.playCount = 3;
    expect(await revision()).not.toBe(before);
  });
});
