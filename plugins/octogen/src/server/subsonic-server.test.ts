import { isAtollError } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { fakeSongs } from './fake-subsonic-data.fixture.js';
import { navidromeProfile, supysonicProfile } from './fake-subsonic-profile.fixture.js';
import { ended, failureOf, setup } from './subsonic-setup.fixture.js';

describe.each([
  ['navidrome', navidromeProfile, 'token'],
  ['supysonic', supysonicProfile, 'password'],
] as const)('SubsonicServer with a server like %s', (_, profile, auth) => {
  it('signs in and says what the server is', async () => {
    const { server, fake } = await setup({ profile });
    expect(await server.probe()).toEqual({
      product: profile.product ?? 'subsonic',
      version: profile.product ? '0.58.0' : '1.10.2',
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

  it('pages every song with what its listener did', async () => {
    const { server, fake } = await setup({ profile });
    const song = fake.songs.get('song-2-1');
    if (song) song.userRating = 4;
    const first = await server.songs(0, 10);
    expect(first).toHaveLength(10);
    expect(first.find(({ id }) => id === 'song-2-1')).toMatchObject({ rating: 4 });
    expect(await server.songs(10, 10)).toHaveLength(2);
    expect(await server.songs(12, 10)).toEqual([]);
    expect(fake.count('search3')).toBe(3);
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

  it('replaces songs and keeps id and name', async () => {
    const { server, fake } = await setup({ profile });
    const id = fake.addPlaylist({ name: 'Mix', songIds: ['song-1-1', 'song-1-2'] });
    await server.replaceSongs(id, ['song-1-2', 'song-3-3']);
    expect(fake.playlists.get(id)).toMatchObject({
      name: 'Mix',
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

  it('lists own lists and public ones of others under their real names', async () => {
    const { server, fake } = await setup({ profile });
    expect(await server.playlists()).toEqual([]);
    fake.addPlaylist({ id: 'a', name: 'Mine', songIds: ['song-1-1'] });
    fake.addPlaylist({ id: 'b', name: 'Theirs', owner: 'bob', public: true });
    fake.addPlaylist({ id: 'c', name: 'Hidden', owner: 'bob' });
    expect(await server.playlists()).toEqual([
      { id: 'a', name: 'Mine', owner: 'alice', own: true },
      { id: 'b', name: 'Theirs', owner: 'bob', own: false },
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

describe('the list of every song', () => {
  it('is asked for by empty quotes where an empty search finds nothing', async () => {
    const { server, fake } = await setup({ profile: { ...navidromeProfile, everySong: ['""'] } });
    expect(await server.songs(0, 5)).toHaveLength(5);
    expect(await server.songs(5, 5)).toHaveLength(5);
    expect(fake.count('search3')).toBe(3);
  });

  it('is asked for by empty quotes where an empty search is refused', async () => {
    const { server, fake } = await setup();
    fake.fault({ method: 'search3', kind: 'error', code: 10, when: (params) => params.get('query') === '' });
    expect(await server.songs(0, 5)).toHaveLength(5);
  });

  it('is empty where neither finds anything', async () => {
    const { server } = await setup({ profile: { ...navidromeProfile, everySong: [] } });
    expect(await server.songs(0, 5)).toEqual([]);
  });
});
