import type { HttpRequest } from '@atoll/sdk';
import { isAtollError } from '@atoll/sdk';
import { createTestContext } from '@atoll/sdk/testing';
import { describe, expect, it } from 'vitest';
import { fakeSongs } from './fake-subsonic-data.fixture.js';
import { supysonicProfile } from './fake-subsonic-profile.fixture.js';
import { SubsonicServer } from './subsonic-server.js';
import { answering, failureOf, setup } from './subsonic-setup.fixture.js';

describe('the way to a Subsonic server', () => {
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
    await using context = await createTestContext();
    const answered: HttpRequest[] = [];
    const resilience = answering(context.resilience, (request) => {
      answered.push(request);
      return request.form?.p === undefined
        ? { status: 'failed', error: { code: 41, message: 'no tokens' } }
        : { status: 'ok', version: '1.10.2' };
    });
    const server = new SubsonicServer(resilience, { url, username: 'alice', password: 'x' }, context.logger);
    await server.probe();
    await server.probe();
    expect(answered).toHaveLength(4);
    expect(context.logs().map((line) => line.level)).toEqual(Array.from({ length: warnings }, () => 'warn'));
  });

  it('works below a path, and where the URL was copied with /rest', async () => {
    const { server } = await setup({ basePath: '/music', url: (fake) => `${fake.url}/rest/` });
    expect(await server.albums(0, 10)).toHaveLength(4);
    expect(server.account).toMatch(/^alice@127\.0\.0\.1:\d+\/music$/);
  });

  it('changes the revision of an album with what the server says of it, not with the order it says it in', async () => {
    const { server, fake } = await setup();
    const revision = async () => (await server.albums(0, 1))[0]?.revision;
    const before = await revision();
    expect(await revision()).toBe(before);
    const song = fake.songs.get('song-1-1');
    if (song) song.playCount = 3;
    expect(await revision()).not.toBe(before);
    const genres = async (genre: string) => {
      const album = `{"id":"1","songCount":1,"genre":"${genre}"}`;
      const body = `{"subsonic-response":{"status":"ok","version":"1.10.2","albumList2":{"album":[${album}]}}}`;
      fake.fault({ kind: 'body', body, times: 1 });
      return revision();
    };
    expect(await genres('Rock, Jazz, Pop')).toBe(await genres('Pop, Rock, Jazz'));
    expect(await genres('Rock, Jazz')).not.toBe(await genres('Rock'));
  });
});
