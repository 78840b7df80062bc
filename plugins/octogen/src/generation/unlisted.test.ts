import { describe, expect, it } from 'vitest';
import { song } from './library.fixture.js';
import { isUnlisted } from './unlisted.js';

const july = '2026-07-01';

describe('isUnlisted', () => {
  it.each([
    ['a song', { genres: ['Rock'] }, false],
    ['an intro', { durationMs: 44_000 }, true],
    ['a song of unknown length', { durationMs: null }, false],
    ['an audiobook', { genres: ['Audiobook'] }, true],
    ['an audio drama in German', { genres: ['Hörspiel'] }, true],
    ['a podcast among other genres', { genres: ['Society; Podcast'] }, true],
    ['speech metal, which is music', { genres: ['Speech Metal'] }, false],
    ['a Christmas song by its genre', { genres: ['Christmas'] }, true],
    ['a Christmas song by its title', { title: 'Last Christmas' }, true],
    ['a Christmas album', { album: 'Weihnachtslieder' }, true],
    ['a title that merely holds the letters', { title: 'Xmasters' }, false],
  ])('judges %s', (_, fields, unlisted) => {
    expect(isUnlisted(song(fields), july)).toBe(unlisted);
  });

  it.each([
    ['2026-11-30', true],
    ['2026-12-01', false],
    ['2027-01-06', false],
    ['2027-01-07', true],
  ])('keeps Christmas songs back on %s: %s', (day, unlisted) => {
    expect(isUnlisted(song({ title: 'White Christmas' }), day)).toBe(unlisted);
  });
});
