import { expect, it } from 'vitest';
import { library } from './library.fixture.js';
import { defineLists } from './list-definition.js';
import { collectRecordings } from './recording.js';
import { learnTaste } from './taste.js';
import { findClusters } from './taste-clusters.js';
import { planLists, rankLibrary } from './plan-lists.js';
it('speed', () => {
  const out: string[] = [];
  for (const n of [1000, 10000, 100000]) {
    const songs = library(n);
    const lists = defineLists({ discovery: 50, songs: 30, timeOfDay: 30 }, 'morning');
    const t0 = performance.now();
    const c = collectRecordings(songs);
    const t1 = performance.now();
    const taste = learnTaste(c.items);
    const tt = performance.now();
    findClusters(c.items, taste, 6);
    const t = performance.now();
    const r = rankLibrary({ songs, lists, day: '2026-01-05', seed: 0 });
    const t2 = performance.now();
    planLists(r, { maxPerArtist: 2, maxPerAlbum: 3, artistSpacing: 4, maxSongMs: 1e9 });
    out.push([n, 'collect', Math.round(t1 - t0), 'taste', Math.round(tt-t1), 'clusters', Math.round(t-tt), 'rank', Math.round(t2 - t), 'plan', Math.round(performance.now() - t2), Math.round(process.memoryUsage().rss/1e6)].join(' '));
  }
  expect(out).toEqual([]);
}, 60000);
