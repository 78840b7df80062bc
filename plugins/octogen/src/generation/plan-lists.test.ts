import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Song } from '../library/song.js';
import { library, song } from './library.fixture.js';
import { defineLists } from './list-definition.js';
import { type Plan, planLists, type RankInput, rankLibrary } from './plan-lists.js';
import { artistKey } from './recording.js';
import type { ListRules } from './solver.js';

const rules = { maxPerArtist: 2, maxPerAlbum: 3, artistSpacing: 4, maxSongMs: 20 * 60_000 };
const lists = defineLists({ discovery: 50, songs: 30, timeOfDay: 30 }, 'morning');

async function plan(songs: Song[], changes: Partial<RankInput> = {}, kept: ListRules = rules): Promise<Plan> {
  return planLists(await rankLibrary({ songs, lists, day: '2026-01-05', seed: 0, ...changes }), kept);
}

const idsByList = (made: Plan): Map<string, string[]> =>
  new Map(made.lists.map((list) => [list.name, list.songs.map(({ song }) => song.id)]));

/** Songs that stand on a list of one plan and not on the same list of the other. */
function changed(before: Plan, after: Plan): number {
  const old = idsByList(before);
  let count = 0;
  for (const [name, ids] of idsByList(after)) {
    const known = new Set(old.get(name));
    count += ids.filter((id) => !known.has(id)).length;
  }
  return count;
}

describe('planLists', () => {
  it('makes every list of a fair-sized library full', async () => {
    const made = await plan(library(5000));
    expect(made.lists.map((list) => [list.name, list.songs.length, list.short])).toEqual(
      lists.map((list) => [list.name, list.size, null]),
    );
  });

  it('gives the same lists for the same library, day and seed, whatever the order of the songs', async () => {
    const songs = library(800);
    expect(idsByList(await plan([...songs].reverse()))).toEqual(idsByList(await plan(songs)));
  });

  it('gives other lists on another day and with another seed', async () => {
    const songs = library(3000);
    const today = await plan(songs);
    expect(changed(today, await plan(songs, { day: '2026-01-06' }))).toBeGreaterThan(100);
    expect(changed(today, await plan(songs, { seed: 1 }))).toBeGreaterThan(100);
  });

  it.each([300, 1000, 5000])('changes few entries of %i songs when five are added', async (count) => {
    for (const name of ['one', 'two', 'three']) {
      const songs = library(count, name);
      const before = await plan(songs);
      const added = library(5, 'added').map((fresh) => ({ ...fresh, playCount: 3, starredAt: 1 }));
      const entries = before.lists.reduce((sum, list) => sum + list.songs.length, 0);
      expect(changed(before, await plan([...songs, ...added])) / entries).toBeLessThan(0.12);
    }
  });

  it.each([300, 1000, 5000])('changes few entries of %i songs when one is rated', async (count) => {
    for (const name of ['one', 'two', 'three']) {
      const songs = library(count, name);
      const before = await plan(songs);
      const entries = before.lists.reduce((sum, list) => sum + list.songs.length, 0);
      for (const rating of [1, 5]) {
        const rated = songs.map((each, at) => (at === 7 ? { ...each, rating } : each));
        expect(changed(before, await plan(rated)) / entries).toBeLessThan(0.05);
      }
    }
  });

  it('counts one recording once, whatever albums hold it', async () => {
    const made = await plan([
      song({ id: 'single', recording: 'r', albumId: 'a' }),
      song({ id: 'album', recording: 'r', albumId: 'b', rating: 5 }),
      song({ id: 'best-of', recording: 'r', albumId: 'c' }),
    ]);
    expect(made.lists.flatMap((list) => list.songs.map(({ song }) => song.id))).toEqual(['album']);
    expect(made.copies).toBe(2);
  });

  it('leaves out a recording of which one copy is rated low and none is liked', async () => {
    const made = await plan([song({ recording: 'r', rating: 1 }), song({ recording: 'r' })]);
    expect(made.lists.flatMap((list) => list.songs)).toEqual([]);
    expect(made.lowRated).toBe(1);
  });

  it('makes one useful list rather than twelve crumbs of a tiny library', async () => {
    const songs = Array.from({ length: 8 }, (_, at) => song({ artist: `Artist ${at}`, albumId: `a${at}` }));
    const made = await plan(songs);
    expect(made.lists.filter((list) => list.songs.length > 0).map((list) => list.name)).toEqual([
      'Daily Mix 1',
    ]);
    expect(made.lists[1]!.songs).toHaveLength(8);
    expect(made.lists[2]!.short).toBe("the library's 8 songs are enough for 1 of 12 lists");
  });

  it('makes lists of a library with neither genres nor plays nor years', async () => {
    const songs = Array.from({ length: 400 }, (_, at) =>
      song({ id: `bare-${at}`, artist: `Artist ${at % 100}`, albumId: `a${at % 100}` }),
    );
    const made = await plan(songs);
    for (const list of made.lists) expect(list.songs.length).toBeGreaterThanOrEqual(25);
  });

  it('makes lists of songs that name no artist', async () => {
    const made = await plan(
      Array.from({ length: 60 }, () => song({ artist: '', albumId: null, album: null })),
    );
    expect(made.lists.reduce((sum, list) => sum + list.songs.length, 0)).toBe(60);
  });

  it('says of an empty library that it is empty', async () => {
    const made = await plan([]);
    for (const list of made.lists) {
      expect(list).toMatchObject({ songs: [], short: 'the library has no songs that may be used' });
    }
  });

  it('says that the limit per artist keeps a list short', async () => {
    const songs = Array.from({ length: 500 }, (_, at) =>
      song({ artist: `Artist ${at % 4}`, albumId: `a${at % 20}` }),
    );
    expect((await plan(songs)).lists[1]!.short).toMatch(
      /^the limit of 2 songs per artist keeps \d+ songs out$/,
    );
  });

  it('keeps loud music out of calm lists and calm music out of loud ones', async () => {
    const songs = Array.from({ length: 300 }, (_, at) =>
      song({ artist: `Artist ${at}`, albumId: `a${at}`, genres: [at % 2 ? 'Death Metal' : 'Ambient'] }),
    );
    const made = await plan(songs);
    const genresOf = (name: string) =>
      new Set(made.lists.find((list) => list.name === name)!.songs.map(({ song }) => song.genres[0]));
    expect(genresOf('Chill Vibes')).toEqual(new Set(['Ambient']));
    expect(genresOf('Workout Energy')).toEqual(new Set(['Death Metal']));
  });

  it('fills a mix whose genre has too few artists with songs of like energy, not with anything', async () => {
    const of = (artists: number, genre: string) =>
      Array.from({ length: artists * 12 }, (_, at) =>
        song({
          artist: `${genre} ${at % artists}`,
          albumId: `${genre} ${at}`,
          genres: [genre],
          playCount: 5,
        }),
      );
    const made = await plan([
      ...of(4, 'Hip-Hop'),
      ...of(20, 'Pop'),
      ...of(20, 'Ambient'),
      ...of(20, 'Metal'),
    ]);
    const mix = made.lists.find((list) => list.about === 'hip hop');
    const genres = mix?.songs.map(({ song }) => song.genres[0]) ?? [];
    expect(genres.filter((genre) => genre === 'Hip-Hop')).toHaveLength(8);
    expect(new Set(genres)).toEqual(new Set(['Hip-Hop', 'Pop']));
    expect(mix?.songs.find(({ song }) => song.genres[0] === 'Pop')?.reason.text).toMatch(
      /^Beside hip hop, which has too few songs to fill the mix/,
    );
  });

  it('says that lists share a library which is too small for all of them', async () => {
    const shorts = (await plan(library(300))).lists.map((list) => list.short);
    expect(shorts).not.toContain(null);
    expect(shorts).toContainEqual(expect.stringMatching(/^12 lists share the library's \d+ songs, and none/));
  });

  it('makes no list of speech', async () => {
    const made = await plan(Array.from({ length: 50 }, () => song({ genres: ['Podcast'] })));
    expect(made.lists.flatMap((list) => list.songs)).toEqual([]);
  });

  it('fills Discovery with songs that were rarely played, near the liked ones', async () => {
    const songs = library(3000);
    const discovery = (await plan(songs)).lists[0]!;
    const mean = (of: Song[]) => of.reduce((sum, each) => sum + each.playCount, 0) / of.length;
    expect(mean(discovery.songs.map(({ song }) => song))).toBeLessThan(mean(songs) / 3);
    for (const { song: each } of discovery.songs) expect(each.starredAt).toBeNull();
  });

  it('gives every song a reason whose parts make its score', async () => {
    for (const list of (await plan(library(600))).lists) {
      for (const { reason } of list.songs) {
        expect(reason.text).not.toBe('');
        const sum = Object.values(reason.parts).reduce((total, part) => total + part, 0);
        expect(sum).toBeCloseTo(reason.score, 3);
      }
    }
  });

  const anySong = fc
    .record({
      artist: fc.constantFrom('', 'A', 'B', 'C', 'D feat. A', 'É', 'Various Artists', 'F', 'G', 'H'),
      album: fc.constantFrom(null, 'x', 'y', 'z'),
      genres: fc.subarray(['Rock', 'Jazz', 'Ambient', 'Techno', 'Nonsense', '']),
      year: fc.constantFrom(null, 0, 1985, 1999, 2020),
      rating: fc.nat(5),
      playCount: fc.nat(40),
      bpm: fc.constantFrom(null, 0, 60, 128, 999),
      starredAt: fc.constantFrom(null, 1),
      lastPlayedAt: fc.constantFrom(null, 0, Date.UTC(2026, 0, 4), Date.UTC(2030, 0, 1)),
      durationMs: fc.constantFrom(null, 0, 200_000, 3_600_000),
      copy: fc.nat(30),
    })
    .map(({ copy, album, ...rest }) => ({ ...rest, album, albumId: album, recording: `r${copy}` }));
  const anyRules = fc.record({
    maxPerArtist: fc.integer({ min: 1, max: 5 }),
    maxPerAlbum: fc.integer({ min: 1, max: 5 }),
    artistSpacing: fc.nat(6),
    maxSongMs: fc.constantFrom(1_200_000, 5_000_000),
  });

  it('never breaks a rule, whatever the library', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySong, { maxLength: 120 }),
        anyRules,
        fc.nat(9),
        async (drawn, drawnRules, seed) => {
          const songs = drawn.map((each, at) =>
            song({ ...each, id: `s${at}`, recording: `${each.recording}-${at % 3}` }),
          );
          const made = await plan(songs, { seed }, drawnRules);
          const recordings = made.lists.flatMap((list) => list.songs.map(({ song }) => song.recording));
          expect(new Set(recordings).size).toBe(recordings.length);
          for (const list of made.lists) {
            expect(list.songs.length).toBeLessThanOrEqual(list.definition.size);
            expect(list.short === null).toBe(list.songs.length === list.definition.size);
            const artists = new Map<string, number>();
            const albums = new Map<string, number>();
            for (const { song: each } of list.songs) {
              expect([1, 2]).not.toContain(each.rating);
              expect(each.durationMs ?? 0).toBeLessThanOrEqual(drawnRules.maxSongMs);
              const artist = artistKey(each.artist);
              if (artist) artists.set(artist, (artists.get(artist) ?? 0) + 1);
              if (each.albumId) albums.set(each.albumId, (albums.get(each.albumId) ?? 0) + 1);
            }
            for (const count of artists.values()) expect(count).toBeLessThanOrEqual(drawnRules.maxPerArtist);
            for (const count of albums.values()) expect(count).toBeLessThanOrEqual(drawnRules.maxPerAlbum);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
