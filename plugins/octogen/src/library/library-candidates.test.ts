import type { Kysely } from '@atoll/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { chooseMatch } from '../matching/choose-match.js';
import type { WantedTrack } from '../matching/match-result.js';
import { readWanted } from '../matching/score-candidate.js';
import type { RemoteSong } from '../server/music-server.js';
import { generateAlbums, generateWanted } from './generated-library.fixture.js';
import type { LibraryIndex } from './library-index.js';
import type { LibrarySchema } from './library-schema.js';
import { setup } from './library-setup.fixture.js';
import { LibraryWriter } from './library-writer.js';
import { remoteSong } from './memory-server.fixture.js';

describe('matching over the index', () => {
  let db: Kysely<LibrarySchema>;
  let index: LibraryIndex;

  beforeEach(async () => {
    ({ db, index } = await setup());
  });

  async function fill(songs: readonly RemoteSong[]): Promise<void> {
    const writer = new LibraryWriter(db);
    await writer.add({ id: 'album', revision: '1' }, songs);
    await writer.flush();
  }

  it('finds what a look at every single song finds', async () => {
    const songs = [...generateAlbums(300)].flatMap((one) => one.songs);
    await fill(songs);
    const all = await index.all();
    const wanted = generateWanted(songs, 80);
    const found = await index.matcher().matchMany(wanted);
    const thorough = wanted.map((track) => chooseMatch(readWanted(track), all).match?.song.id);
    expect(found.map((result) => result.match?.song.id)).toEqual(thorough);
    expect(thorough.filter((id) => id !== undefined).length).toBeGreaterThan(60);
  });

  it.each<[string, WantedTrack, string | null]>([
    ['as tagged', { artist: 'Radiohead', title: 'Creep' }, 'creep'],
    ['a misspelt artist', { artist: 'Radiohaed', title: 'Creep' }, 'creep'],
    ['a misspelt title', { artist: 'Radiohead', title: 'Paranoid Andriod' }, 'android'],
    ['both misspelt', { artist: 'Raddiohead', title: 'Paranoid Andrroid' }, 'android'],
    ['accents', { artist: 'Beyonce', title: 'Deja Vu' }, 'dejavu'],
    ['a guest of the credit', { artist: 'JAY-Z', title: 'Déjà Vu' }, 'dejavu'],
    ['the live version', { artist: 'Radiohead', title: 'Creep (Live)' }, 'live'],
    ['a version that is not there', { artist: 'Radiohead', title: 'Creep (Demo)' }, null],
    ['a title without its brackets', { artist: 'The Rolling Stones', title: 'Satisfaction' }, 'stones'],
    [
      'the MusicBrainz id alone',
      { artist: '?', title: '?', mbid: '6b9e5bd6-1c2e-4d33-8f1c-0a2b3c4d5e6f' },
      'mbid',
    ],
    ['CJK', { artist: '東京事変', title: '群青日和' }, 'cjk'],
    ['symbols', { artist: '!!!', title: '???' }, 'symbols'],
    ['an artist that is not there', { artist: 'Nobody', title: 'Creep' }, null],
    ['nothing', { artist: '', title: '' }, null],
  ])('%s', async (_, wanted, id) => {
    await fill([
      remoteSong({ id: 'creep', artist: 'Radiohead', title: 'Creep' }),
      remoteSong({ id: 'live', artist: 'Radiohead', title: 'Creep (Live)' }),
      remoteSong({ id: 'android', artist: 'Radiohead', title: 'Paranoid Android' }),
      remoteSong({ id: 'dejavu', artist: 'Beyoncé feat. JAY-Z', title: 'Déjà Vu' }),
      remoteSong({ id: 'stones', artist: 'The Rolling Stones', title: "(I Can't Get No) Satisfaction" }),
      remoteSong({ id: 'mbid', artist: 'X', title: 'Y', mbid: '6b9e5bd6-1c2e-4d33-8f1c-0a2b3c4d5e6f' }),
      remoteSong({ id: 'cjk', artist: '東京事変', title: '群青日和' }),
      remoteSong({ id: 'symbols', artist: '!!!', title: '???' }),
      remoteSong({ id: 'none', artist: '', title: '' }),
    ]);
    expect((await index.matcher().match(wanted)).match?.song.id ?? null).toBe(id);
  });

  it('tells of near misses where nothing matches', async () => {
    await fill([
      remoteSong({ id: 'sleep', artist: 'Radiohead', title: 'Sleep' }),
      remoteSong({ id: 'other', artist: 'Stone Temple Pilots', title: 'Creep' }),
      remoteSong({ id: 'far', artist: 'Radiohead', title: 'Pyramid Song' }),
    ]);
    const { match, candidates } = await index.matcher().match({ artist: 'Radiohead', title: 'Creep' });
    expect(match).toBeNull();
    expect(candidates.map(({ song, rejected }) => [song.id, rejected])).toEqual([
      ['sleep', 'title'],
      ['other', 'artist'],
    ]);
  });

  it('knows artists that came with a refresh', async () => {
    await fill([remoteSong({ id: '1', artist: 'Radiohead', title: 'Creep' })]);
    const matcher = index.matcher();
    expect((await matcher.match({ artist: 'Portishaed', title: 'Roads' })).match).toBeNull();
    const server = { account: 'a', album: remoteSong({ id: '2', artist: 'Portishead', title: 'Roads' }) };
    await index.refresh({
      server: {
        albums: async (offset) => (offset === 0 ? [{ id: 'new', revision: '1' }] : []),
        albumSongs: async () => [server.album],
        songs: async () => [],
        starredIds: async () => new Set(),
      },
    });
    expect((await matcher.match({ artist: 'Portishaed', title: 'Roads' })).match?.song.id).toBe('2');
  });

  it('stops when its caller leaves', async () => {
    const stop = new AbortController();
    stop.abort(new Error('leaving'));
    await expect(index.matcher().matchMany([{ artist: 'a', title: 'b' }], stop.signal)).rejects.toThrow(
      'leaving',
    );
  });
});
