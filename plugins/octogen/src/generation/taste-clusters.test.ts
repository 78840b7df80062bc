import { describe, expect, it } from 'vitest';
import { library, song } from './library.fixture.js';
import { collectRecordings } from './recording.js';
import { learnTaste } from './taste.js';
import { belonging, findClusters } from './taste-clusters.js';

async function clustersOf(songs: Parameters<typeof collectRecordings>[0], slots = 6) {
  const { items } = await collectRecordings(songs);
  return { items, clusters: findClusters(items, learnTaste(items), slots) };
}

describe('findClusters', () => {
  it('makes one corner of genres that the same artists carry', async () => {
    const songs = Array.from({ length: 40 }, (_, at) =>
      song({ artist: `Artist ${at % 10}`, genres: at % 2 ? ['Metal', 'Thrash'] : ['Jazz', 'Bebop'] }),
    );
    const { clusters } = await clustersOf(songs);
    expect(clusters.filter((cluster) => cluster !== null)).toHaveLength(2);
  });

  it('goes by decades where there are no genres', async () => {
    const songs = [1975, 1978, 1991, 2005].map((year) => song({ artist: `Artist ${year}`, year }));
    const seeds = (await clustersOf(songs)).clusters.flatMap((cluster) => cluster?.seed ?? []);
    expect(seeds.sort()).toEqual(['1970s', '1990s', '2000s']);
  });

  it('finds none where songs say nothing', async () => {
    expect((await clustersOf([song(), song()])).clusters).toEqual([null, null, null, null, null, null]);
  });

  it('prefers the corners that the user likes', async () => {
    const songs = [
      ...Array.from({ length: 30 }, (_, at) => song({ artist: `A${at}`, genres: ['Polka'] })),
      ...Array.from({ length: 30 }, (_, at) => song({ artist: `B${at}`, genres: ['Soul'], rating: 5 })),
    ];
    expect((await clustersOf(songs, 1)).clusters[0]?.seed).toBe('soul');
  });

  it('keeps corners in their slots when one of them goes', async () => {
    const songs = library(600).filter((each) => each.genres[0] !== 'Rock');
    const before = (await clustersOf(library(600))).clusters.map((cluster) => cluster?.seed);
    const after = (await clustersOf(songs)).clusters.map((cluster) => cluster?.seed);
    const stayed = before.filter((seed, slot) => seed === after[slot]);
    expect(stayed.length).toBeGreaterThanOrEqual(3);
  });
});

describe('belonging', () => {
  it('is whole for the seed, less for a second genre, and nothing for others', async () => {
    const cluster = { seed: 'rock', members: new Map([['rock', 1]]) };
    const of = async (genres: string[]) =>
      belonging(cluster, (await collectRecordings([song({ genres })])).items[0]!);
    expect([await of(['Rock']), await of(['Pop', 'Rock']), await of(['Pop'])]).toEqual([1, 0.85, 0]);
  });
});
