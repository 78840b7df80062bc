import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestContext } from '@atoll/sdk/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { LibraryIndex } from '../plugins/octogen/src/library/library-index.js';
import { libraryMigrations } from '../plugins/octogen/src/library/library-migrations.js';
import type { LibrarySchema } from '../plugins/octogen/src/library/library-schema.js';
import type { SubsonicSettings } from '../plugins/octogen/src/server/subsonic-client.js';
import { SubsonicServer } from '../plugins/octogen/src/server/subsonic-server.js';
import { skipWithout } from './peers/missing-programs.js';
import { type MusicLibrary, musicLibrary, tone, writeSong } from './peers/music-library.js';
import { Supysonic, supysonicPrograms } from './peers/supysonic.js';
import { SupysonicApi } from './peers/supysonic-api.js';

describe.skipIf(skipWithout(...supysonicPrograms, 'ffmpeg'))('the library of a real supysonic', () => {
  let music: MusicLibrary;
  let folder: string;
  let supysonic: Supysonic;
  let index: LibraryIndex;
  let server: SubsonicServer;

  beforeAll(async () => {
    music = await musicLibrary();
    folder = await mkdtemp(join(tmpdir(), 'atoll-octogen-library-'));
    await cp(music.dir, folder, { recursive: true });
    supysonic = await Supysonic.start({ music: folder });
  });
  afterAll(async () => {
    await supysonic?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** A client of the server, and an empty index. */
  async function connect(changes: Partial<SubsonicSettings> = {}) {
    const { url, username, password } = supysonic;
    const context = await createTestContext({
      migrations: libraryMigrations,
      network: [new URL(url).host],
    });
    onTestFinished(context.stop);
    const { resilience, storage, clock, logger } = context;
    return {
      server: new SubsonicServer(resilience, { url, username, password, ...changes }, logger),
      index: new LibraryIndex({ db: storage.db<LibrarySchema>(), clock, logger }),
    };
  }

  beforeEach(async () => {
    ({ server, index } = await connect());
  });

  it('is read whole, with the tags of every file', async () => {
    expect(await server.probe()).toEqual({
      product: 'subsonic',
      version: '1.10.2',
      auth: 'password',
    });
    const result = await index.refresh({ server });
    expect(result).toMatchObject({ complete: true, full: true, songsChanged: music.songs.length + 1 });
    const songs = await index.all();
    for (const wanted of music.songs) {
      const held = songs.filter((song) => song.title === wanted.title && song.album === wanted.album);
      expect(held.map((song) => song.artist)).toContain(wanted.artist);
      const song = held.find((one) => one.artist === wanted.artist);
      expect(song).toMatchObject({ genres: [wanted.genre], year: wanted.year });
      expect(Math.abs((song?.durationMs ?? 0) / 1000 - wanted.seconds)).toBeLessThan(wanted.seconds * 0.1);
    }
    expect(songs.find((song) => song.title === 'untagged recording.mp3')).toMatchObject({
      genres: [],
      year: null,
    });
  });

  it('finds every one of its songs again, in other spellings too', async () => {
    await index.refresh({ server });
    const matcher = index.matcher();
    for (const { artist, title, album } of music.songs) {
      const exact = await matcher.match({ artist, title, album });
      expect(exact.match?.song, `${artist} – ${title}`).toMatchObject({ title, artist, album });
    }
    const spellings: [string, string, string, string][] = [
      ['COPPER LANTERNS', 'river song - 2009 remaster', 'The Copper Lanterns', 'River Song'],
      ['Ivar Solnes', 'Live Orchid', 'Ívar Sólnes', 'Live Orchid'],
      ['Mira and the Foxgloves', 'atlas harbour', 'Mira & The Foxgloves', '(Never) Atlas Harbour'],
      ['Mira & the Foxglvoes', 'Quarter', 'Mira & The Foxgloves', 'Quarter (feat. Tamsin Okoro)'],
    ];
    for (const [artist, title, heldArtist, heldTitle] of spellings) {
      const { match } = await matcher.match({ artist, title });
      expect(match?.song, `${artist} – ${title}`).toMatchObject({ artist: heldArtist, title: heldTitle });
    }
    expect((await matcher.match({ artist: 'Nobody Known', title: 'River Song' })).match).toBeNull();
    const live = await matcher.match({ artist: 'The Copper Lanterns', title: 'River Song (Live)' });
    expect(live.match?.song.album).toBe('Live at the Pier');
    const studio = await matcher.match({ artist: 'The Copper Lanterns', title: 'River Song' });
    expect(studio.match?.song.album).not.toBe('Live at the Pier');
    expect((await index.search('青い', 5)).length).toBeGreaterThan(0);
  });

  it('follows files that come and go, reading only what changed', async () => {
    await index.refresh({ server });
    const before = await index.state();
    const model = music.songs[0];
    if (!model) throw new Error('the library is empty');
    const added = {
      ...model,
      title: 'Brand New',
      album: 'Fresh',
      track: 1,
      file: 'new/fresh/01 Brand New.mp3',
    };
    await writeSong(folder, added, await tone());
    await supysonic.scan();
    expect(await index.refresh({ server })).toMatchObject({ albumsRead: 1, songsChanged: 1, full: false });
    expect((await index.search('brand new', 1))[0]).toMatchObject({ title: 'Brand New', album: 'Fresh' });

    await rm(join(folder, 'new'), { recursive: true });
    await supysonic.scan();
    expect(await index.refresh({ server })).toMatchObject({ songsRemoved: 1, complete: true });
    expect(await index.state()).toEqual(before);
  });

  it('notices ratings and stars, reading only the albums that they are on', async () => {
    await index.refresh({ server });
    const [rated, starred] = (await index.all()).map((song) => song.id) as [string, string];
    const api = new SupysonicApi(supysonic);
    await api.call('setRating', { id: rated, rating: '2' });
    await api.call('star', { id: starred });
    const result = await index.refresh({ server });
    expect(result).toMatchObject({ songsChanged: 2, full: false });
    expect(result.albumsRead).toBeLessThanOrEqual(2);
    const songs = await index.byIds([rated, starred]);
    expect(songs.get(rated)?.rating).toBe(2);
    expect(songs.get(starred)?.starredAt).not.toBeNull();
    await api.call('setRating', { id: rated, rating: '0' });
    await api.call('unstar', { id: starred });
    expect(await index.refresh({ server })).toMatchObject({ songsChanged: 2, full: false });
  });

  it('keeps playlists as the writer needs them: id, order, repeats, replacement, removal', async () => {
    await index.refresh({ server });
    const [a, b, c] = (await index.all()).map((song) => song.id) as [string, string, string];
    const first = await server.createPlaylist('Mix', [b, a, b]);
    const second = await server.createPlaylist('Mix', [c]);
    expect(second).not.toBe(first);
    expect(await server.playlistSongIds(first)).toEqual([b, a, b]);
    await server.replaceSongs(first, [c, a]);
    expect(await server.playlistSongIds(first)).toEqual([c, a]);
    expect((await server.playlists()).find((playlist) => playlist.id === first)).toMatchObject({
      name: 'Mix',
      own: true,
    });
    await server.replaceSongs(first, []);
    expect(await server.playlistSongIds(first)).toEqual([]);
    await server.deletePlaylist(first);
    await server.deletePlaylist(second);
    expect(await server.playlistSongIds(first)).toBeNull();
    expect(await server.playlists()).toEqual([]);
    expect(await server.playlistSongIds('not-a-uuid')).toBeNull();
  });

  it('goes on after the server was killed', async () => {
    await index.refresh({ server });
    await supysonic.kill();
    const gone = index.refresh({ server, signal: AbortSignal.timeout(300) });
    await expect(gone).rejects.toThrow();
    expect((await index.state()).songs).toBe(music.songs.length + 1);
    await supysonic.run();
    expect(await index.refresh({ server })).toMatchObject({ complete: true });
  });

  it('is refused with a wrong password', async () => {
    await expect((await connect({ password: 'wrong' })).server.probe()).rejects.toMatchObject({
      code: 'auth_required',
    });
  });
});
