import { describe, expect, it } from 'vitest';
import { song } from './library.fixture.js';
import { feelInWords, pickSentence, times } from './pick-sentence.js';
import { collectRecordings } from './recording.js';
import { learnTaste } from './taste.js';

const DAY = 86_400_000;
const until = Date.UTC(2026, 5, 1);

async function sentenceFor(fields: Parameters<typeof song>[0], others: Parameters<typeof song>[0][] = []) {
  const { items } = await collectRecordings([
    song({ id: 'it', ...fields }),
    ...others.map((each) => song(each)),
  ]);
  const recording = items.find((each) => each.song.id === 'it')!;
  return pickSentence(recording, { fits: 'never played', taste: learnTaste(items), until });
}

describe('pickSentence', () => {
  it('is a sentence, also where there is nothing more to say', async () => {
    expect(await sentenceFor({})).toBe('Never played.');
  });

  it('names what the user has shown of the song', async () => {
    expect(await sentenceFor({ rating: 4, starredAt: 1, playCount: 7, lastPlayedAt: until - 95 * DAY })).toBe(
      'Never played, starred, rated 4 of 5, played 7 times, not heard for 3 months.',
    );
  });

  it.each([
    [59, 'Never played.'],
    [60, 'Never played, not heard for 2 months.'],
    [719, 'Never played, not heard for 23 months.'],
    [1000, 'Never played, not heard for 2 years.'],
  ])('tells a pause of %i days', async (days, text) => {
    expect(await sentenceFor({ lastPlayedAt: until - days * DAY })).toBe(text);
  });

  it('names the artist or the genre that the user likes', async () => {
    const liked = Array.from({ length: 8 }, () => ({ artist: 'Known', genres: ['Jazz'], rating: 5 }));
    expect(await sentenceFor({ artist: 'Known' }, liked)).toBe('Never played, by an artist you like.');
    expect(await sentenceFor({ artist: 'New', genres: ['Jazz'] }, liked)).toBe(
      'Never played, jazz like much that you play.',
    );
  });

  it('says what is new in the library', async () => {
    expect(await sentenceFor({ addedAt: until - 29 * DAY })).toBe('Never played, new in the library.');
  });
});

it.each([
  [0.1, 'very calm (energy 0.10)'],
  [0.5, 'easy-going (energy 0.50)'],
  [0.95, 'wild (energy 0.95)'],
])('calls an energy of %d %s', (energy, words) => {
  expect(feelInWords({ energy, instrumental: 0 })).toBe(words);
});

it('counts in words', () => {
  expect([1, 2, 3].map(times)).toEqual(['once', 'twice', '3 times']);
});
