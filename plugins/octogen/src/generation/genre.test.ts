import { describe, expect, it } from 'vitest';
import { normaliseGenres } from './genre.js';

describe('normaliseGenres', () => {
  it.each([
    [['Hip-Hop / Rap'], ['hip hop', 'rap']],
    [['HipHop', 'hip hop', 'Hip-Hop'], ['hip hop']],
    [['R&B', 'RnB', 'R & B'], ['r and b']],
    [['Drum & Bass', 'DnB'], ['drum and bass']],
    [['Rock;Pop, Jazz'], ['rock', 'pop', 'jazz']],
    [['Électronique'], ['electronique']],
    [['Unknown', 'Other', '', '  '], []],
  ])('reads %j', (tags, genres) => {
    expect(normaliseGenres(tags)).toEqual(genres);
  });
});
