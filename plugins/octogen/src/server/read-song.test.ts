import { describe, expect, it } from 'vitest';
import { bareSong } from '../library/bare-song.fixture.js';
import { readSong } from './read-song.js';

describe('readSong', () => {
  it('reads everything that OpenSubsonic tells', () => {
    expect(
      readSong({
        id: 'x1',
        title: ' Creep ',
        artist: 'Radiohead',
        album: 'Pablo Honey',
        albumId: 7,
        genre: 'Rock',
        genres: [{ name: 'Alternative' }, { name: 'Rock' }, { name: 'Rock' }],
        year: 1993,
        duration: 238,
        bitRate: 37400,
        bpm: 92,
        userRating: 4,
        starred: '2026-01-02T03:04:05Z',
        playCount: 12,
        played: '2026-01-02T03:04:05+01:00',
        created: '2026-01-02T03:04:05',
        musicBrainzId: '6B9E5BD6-1C2E-4D33-8F1C-0A2B3C4D5E6F',
      }),
    ).toEqual({
      id: 'x1',
      title: 'Creep',
      artist: 'Radiohead',
      album: 'Pablo Honey',
      albumId: '7',
      genres: ['Alternative', 'Rock'],
      year: 1993,
      durationMs: 238_000,
      bpm: 92,
      rating: 4,
      starredAt: Date.UTC(2026, 0, 2, 3, 4, 5),
      playCount: 12,
      lastPlayedAt: Date.UTC(2026, 0, 2, 2, 4, 5),
      addedAt: Date.UTC(2026, 0, 2, 3, 4, 5),
      mbid: '6b9e5bd6-1c2e-4d33-8f1c-0a2b3c4d5e6f',
    });
  });

  it('reads a song of which nothing is known', () => {
    expect(readSong({ id: 12 })).toEqual({ ...bareSong, id: '12', title: '', artist: '' });
  });

  it.each([
    [
      'numbers in texts',
      { duration: '238', year: '1993', userRating: '5' },
      { durationMs: 238_000, year: 1993, rating: 5 },
    ],
    ['zeros for "not known"', { duration: 0, year: 0, bpm: 0 }, { durationMs: null, year: null, bpm: null }],
    [
      'nonsense',
      { duration: {}, year: 'MCMXCIII', playCount: -3 },
      { durationMs: null, year: null, playCount: 0 },
    ],
    ['ratings out of range', { userRating: 9 }, { rating: 5 }],
    ['dates that are none', { created: 'yesterday', starred: 'yes' }, { addedAt: null, starredAt: 0 }],
    ['a date without time', { created: '2026-01-02' }, { addedAt: Date.UTC(2026, 0, 2) }],
    ['U+0000 in tags', { title: 'Cre\0ep\0', artist: '\0' }, { title: 'Cre ep', artist: '' }],
    ['several genres in one tag', { genre: 'Rock;Pop\0Jazz; ' }, { genres: ['Rock', 'Pop', 'Jazz'] }],
    ['genres as one object', { genres: { name: 'Rock' } }, { genres: ['Rock'] }],
    ['artists as a list', { artists: [{ name: 'A' }, { name: 'B' }] }, { artist: 'A, B' }],
    ['a file without tags', { path: 'music/a/01 - Tune.mp3' }, { title: '01 - Tune' }],
    ['an id that is no UUID', { musicBrainzId: '' }, { mbid: null }],
  ])('survives %s', (_, fields, expected) => {
    expect(readSong({ id: 'x', ...fields })).toMatchObject(expected);
  });

  it.each([
    ['no id', { title: 'x' }],
    ['a folder', { id: '1', isDir: true }],
    ['a video', { id: '1', isVideo: true }],
  ])('leaves out what has %s', (_, fields) => expect(readSong(fields)).toBeNull());
});
