import type { Kysely } from '@atoll/sdk';
import type { TestClock } from '@atoll/sdk/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { SubsonicError } from '../server/subsonic-error.js';
import type { LibraryIndex } from './library-index.js';
import type { RefreshOptions } from './library-refresh.js';
import type { LibrarySchema } from './library-schema.js';
import { setup } from './library-setup.fixture.js';
import { LibraryWriter } from './library-writer.js';
import { type MemoryServer, remoteSong } from './memory-server.fixture.js';

const HOUR = 3_600_000;

describe('LibraryIndex', () => {
  let db: Kysely<LibrarySchema>;
  let clock: TestClock;
  let index: LibraryIndex;
  let server: MemoryServer;

  beforeEach(async () => {
    ({ db, clock, index, server } = await setup());
  });

  const refresh = (options: Partial<RefreshOptions> = {}) => index.refresh({ server, ...options });
  const ids = async () => (await index.all()).map((song) => song.id);

  it('holds what the server has, ordered by id', async () => {
    server.put('b', {
      id: '2',
      title: 'Créep',
      artist: 'Radiohead',
      genres: ['Rock', 'Alt'],
      rating: 4,
      starredAt: 9,
    });
    server.put('a', { id: '1', title: 'Songbird' });
    const result = await refresh();
    expect(result).toMatchObject({
      albums: 2,
      albumsRead: 2,
      songsChanged: 2,
      songsRemoved: 0,
      full: true,
      complete: true,
    });
    expect(await index.all()).toEqual([
      expect.objectContaining({ id: '1', title: 'Songbird' }),
      expect.objectContaining({
        id: '2',
        title: 'Créep',
        artist: 'Radiohead',
        genres: ['Rock', 'Alt'],
        rating: 4,
        starredAt: 9,
        recording: 'radiohead|creep|studio|',
      }),
    ]);
    expect(await index.state()).toMatchObject({ songs: 2, albums: 2 });
    expect([...(await index.byIds(['2', 'nobody'])).keys()]).toEqual(['2']);
  });

  it('is empty for an empty library', async () => {
    await refresh();
    expect(await index.state()).toEqual({ songs: 0, albums: 0 });
    expect(await index.all()).toEqual([]);
    expect(await index.search('anything', 5)).toEqual([]);
  });

  it('reads only new and changed albums the next time', async () => {
    server.put('a', { id: '1' });
    server.put('b', { id: '2' });
    await refresh();
    server.put('b', { id: '2', title: 'New title' });
    server.put('c', { id: '3' });
    const result = await refresh();
    expect(result).toMatchObject({ albums: 3, albumsRead: 2, songsChanged: 2, full: false });
    expect((await index.byIds(['2'])).get('2')?.title).toBe('New title');
  });

  it('notices a star that came or went, also where the server does not list its songs', async () => {
    server.listsSongs = false;
    server.put('a', { id: '1' }, { id: '2', starredAt: 5 });
    server.put('b', { id: '3' });
    await refresh();
    server.put('a', { id: '1', starredAt: 7 }, { id: '2' });
    expect(await refresh()).toMatchObject({ albumsRead: 1, songsChanged: 2, full: false });
    const songs = await index.byIds(['1', '2']);
    expect([songs.get('1')?.starredAt, songs.get('2')?.starredAt]).toEqual([7, null]);
  });

  it('notices what was rated and played, which the list of albums does not show', async () => {
    server.put('a', { id: '1' }, { id: '2', rating: 3 });
    server.put('b', { id: '3' });
    await refresh();
    expect(await refresh()).toMatchObject({ albumsRead: 0 });
    server.put('a', { id: '1', rating: 5 }, { id: '2', rating: 3 });
    expect(await refresh()).toMatchObject({ albumsRead: 1, songsChanged: 1, full: false });
    server.put('b', { id: '3', lastPlayedAt: 9 });
    expect(await refresh()).toMatchObject({ albumsRead: 1, songsChanged: 1, full: false });
    server.put('a', { id: '1' }, { id: '2' });
    expect(await refresh()).toMatchObject({ albumsRead: 1, songsChanged: 2, full: false });
  });

  it('asks for all songs five hundred at a time, and does not read albums for it', async () => {
    for (let album = 0; album < 120; album++) {
      server.put(`a${album}`, ...Array.from({ length: 10 }, (_, track) => ({ id: `${album}-${track}` })));
    }
    await refresh();
    server.calls.albumSongs = 0;
    await refresh();
    expect(server.calls).toMatchObject({ songs: 4, albumSongs: 0 });
  });

  it('ends where a server repeats its first page for ever', async () => {
    server.put('a', { id: '1' });
    await refresh();
    const songs = server.songs.bind(server);
    server.songs = (_offset, size, signal) => songs(0, size, signal);
    expect(await refresh()).toMatchObject({ albumsRead: 0, complete: true });
  });

  it('goes on without songs and stars where the server does not list them', async () => {
    server.put('a', { id: '1' });
    await refresh();
    server.before = (method) => {
      if (method === 'songs') throw new SubsonicError('search3', 0, 'Unknown method');
      if (method === 'starredIds') throw new SubsonicError('getStarred2', 0, 'Unknown method');
    };
    expect(await refresh()).toMatchObject({ complete: true, full: false });
  });

  it('reads every album once a day, as not every server shows what was rated', async () => {
    server.listsSongs = false;
    server.put('a', { id: '1' });
    await refresh();
    server.put('a', { id: '1', rating: 5 });
    expect(await refresh()).toMatchObject({ albumsRead: 0 });
    clock.set(clock.now() + 24 * HOUR);
    expect(await refresh()).toMatchObject({ albumsRead: 1, songsChanged: 1, full: true });
    expect((await index.statistics()).rated).toBe(1);
  });

  it('reads every album when asked to, after the clock was set back, and for another account', async () => {
    server.put('a', { id: '1' });
    await refresh();
    expect(await refresh({ full: true })).toMatchObject({ albumsRead: 1, songsChanged: 0, full: true });
    clock.set(clock.now() - 48 * HOUR);
    expect(await refresh()).toMatchObject({ full: true });
    server.account = 'bob@http://music.example';
    expect(await refresh()).toMatchObject({ full: true });
    expect(await refresh()).toMatchObject({ full: false });
  });

  it('removes songs and albums that are gone, from search and matching too', async () => {
    server.put('a', { id: '1', title: 'Creep', artist: 'Radiohead' }, { id: '2' });
    server.put('b', { id: '3' });
    await refresh();
    server.put('a', { id: '2' });
    server.library.delete('b');
    expect(await refresh()).toMatchObject({ songsRemoved: 2 });
    expect(await ids()).toEqual(['2']);
    expect(await index.search('creep', 5)).toEqual([]);
    expect((await index.matcher().match({ artist: 'Radiohead', title: 'Creep' })).candidates).toEqual([]);
    expect(await index.state()).toMatchObject({ songs: 1, albums: 1 });
  });

  it('keeps a song that moved to another album', async () => {
    server.put('a', { id: '1' }, { id: '2' });
    server.put('b', { id: '3' });
    await refresh();
    server.put('a', { id: '1' });
    server.put('b', { id: '3' }, { id: '2' });
    await refresh();
    expect(await ids()).toEqual(['1', '2', '3']);
    server.library.delete('a');
    await refresh();
    expect(await ids()).toEqual(['2', '3']);
  });

  it('holds a song once that two albums list', async () => {
    server.put('a', { id: '1' });
    server.put('b', { id: '1' }, { id: '1' });
    await refresh();
    expect(await ids()).toEqual(['1']);
    expect((await index.state()).songs).toBe(1);
  });

  it('holds songs without artist, without title, and with U+0000 in their tags', async () => {
    server.put(
      'a',
      { id: '1', artist: '', title: 'Creep\0\0', genres: ['Rock\0'] },
      { id: '2', artist: 'X\0Y', title: '' },
      { id: '3', title: '!!!', artist: '!!!' },
    );
    await refresh();
    const songs = await index.all();
    expect(songs.map((song) => song.title)).toEqual(['Creep', '', '!!!']);
    expect(songs[0]?.genres).toEqual(['Rock']);
    expect(songs[1]?.artist).toBe('X Y');
    expect((await index.search('!!!', 5)).map((song) => song.id)).toEqual(['3']);
  });

  it('counts copies with one MusicBrainz id as one recording', async () => {
    const mbid = '6b9e5bd6-1c2e-4d33-8f1c-0a2b3c4d5e6f';
    server.put(
      'a',
      { id: '1', title: 'クリープ', mbid },
      { id: '2', title: 'Creep', mbid },
      { id: '3', title: 'Sleep' },
    );
    await refresh();
    const [first, second, third] = await index.all();
    expect(first?.recording).toBe(second?.recording);
    expect(third?.recording).not.toBe(first?.recording);
    expect(await refresh({ full: true })).toMatchObject({ songsChanged: 0 });
  });

  it('counts ratings, also those that change and go', async () => {
    server.put('a', { id: '1', rating: 1 }, { id: '2', rating: 2 }, { id: '3', rating: 5 }, { id: '4' });
    await refresh();
    expect(await index.statistics()).toEqual({ songs: 4, rated: 3, lowRated: 2 });
    server.put('a', { id: '1' }, { id: '2', rating: 3 }, { id: '4', rating: 2 });
    await refresh();
    expect(await index.statistics()).toEqual({ songs: 3, rated: 2, lowRated: 1 });
  });

  it('counts right where the process ended within a pass', async () => {
    const writer = new LibraryWriter(db);
    await writer.add({ id: 'a', revision: '1' }, [
      remoteSong({ id: '1', rating: 1 }),
      remoteSong({ id: '2', rating: 5 }),
    ]);
    await writer.flush();
    expect(await index.statistics()).toMatchObject({ songs: 2, rated: 2, lowRated: 1 });
  });
});
