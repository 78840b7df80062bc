import { describe, expect, it } from 'vitest';
import { song } from './library.fixture.js';
import { artistKey, collectRecordings, workOf } from './recording.js';

describe('collectRecordings', () => {
  it('adds up what the copies of a recording say', async () => {
    const { items, copies } = await collectRecordings([
      song({ id: 'a', recording: 'r', playCount: 2, lastPlayedAt: 10, addedAt: 5, genres: ['Rock'] }),
      song({
        id: 'b',
        recording: 'r',
        playCount: 3,
        lastPlayedAt: 7,
        addedAt: 3,
        genres: ['rock', 'Indie'],
        starredAt: 1,
      }),
    ]);
    expect(copies).toBe(1);
    expect(items).toMatchObject([
      { song: { id: 'b' }, plays: 5, lastPlayedAt: 10, addedAt: 3, starred: true, genres: ['rock', 'indie'] },
    ]);
  });

  it('takes the best rated copy and drops the low-rated one beside a liked one', async () => {
    const { items, lowRated } = await collectRecordings([
      song({ id: 'a', recording: 'r', rating: 1 }),
      song({ id: 'b', recording: 'r', rating: 4 }),
      song({ id: 'c', recording: 'r', rating: 5 }),
    ]);
    expect(items.map((item) => item.song.id)).toEqual(['c']);
    expect(lowRated).toBe(1);
  });

  it('knows versions of a song as one work and other songs as others', async () => {
    const { items } = await collectRecordings([
      song({ recording: '1', title: 'Song' }),
      song({ recording: '2', title: 'Song (Live)' }),
      song({ recording: '3', title: 'Other' }),
    ]);
    const works = items.map(workOf);
    expect(works[0]).toBe(works[1]);
    expect(works[2]).not.toBe(works[0]);
  });
});

describe('artistKey', () => {
  it.each([
    ['Björk', 'bjork'],
    ['BJÖRK feat. Someone', 'bjork'],
    ['The Beatles', 'beatles'],
    ['', null],
    ['[unknown]', null],
    ['Various Artists', null],
    ['Unknown Artist', null],
  ])('reads %j as %j', (artist, key) => {
    expect(artistKey(artist)).toBe(key);
  });
});
