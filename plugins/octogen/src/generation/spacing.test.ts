import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spaceArtists } from './spacing.js';

const artistOf = (song: string): string | null => (song.startsWith('-') ? null : song[0]!);
const space = (songs: readonly string[], gap: number) => spaceArtists(songs, artistOf, gap);

/** The fewest songs between two of one artist; Infinity where none comes twice. */
function closest(songs: readonly string[]): number {
  let fewest = Number.POSITIVE_INFINITY;
  songs.forEach((song, at) => {
    const artist = artistOf(song);
    const next =
      artist === null ? -1 : songs.findIndex((other, place) => place > at && artistOf(other) === artist);
    if (next >= 0) fewest = Math.min(fewest, next - at - 1);
  });
  return fewest;
}

describe('spaceArtists', () => {
  it('leaves an order alone that is spaced already', () => {
    expect(space(['a1', 'b1', 'c1', 'a2', 'b2'], 2)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2']);
  });

  it('moves only what must wait', () => {
    expect(space(['a1', 'a2', 'b1', 'c1', 'd1'], 2)).toEqual(['a1', 'b1', 'c1', 'a2', 'd1']);
  });

  it('comes as near to the gap as the artists allow', () => {
    expect(closest(space(['a1', 'a2', 'a3', 'b1', 'b2'], 4))).toBe(1);
    expect(space(['a1', 'a2'], 4)).toEqual(['a1', 'a2']);
  });

  it('does not hold back songs that name no artist', () => {
    expect(space(['-1', '-2', '-3'], 4)).toEqual(['-1', '-2', '-3']);
  });

  it('keeps every song, and the widest gap there is', () => {
    const songs = fc.array(fc.constantFrom('a', 'b', 'c', 'd', '-'), { maxLength: 6 });
    fc.assert(
      fc.property(songs, fc.nat(4), (artists, gap) => {
        const list = artists.map((artist, at) => `${artist}${at}`);
        const spaced = space(list, gap);
        expect([...spaced].sort()).toEqual([...list].sort());
        const possible = Math.max(...permutations(list).map((order) => Math.min(gap, closest(order))));
        expect(Math.min(gap, closest(spaced))).toBe(possible);
      }),
      { numRuns: 40 },
    );
  });
});

function permutations(list: readonly string[]): string[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((first, at) => permutations(list.toSpliced(at, 1)).map((rest) => [first, ...rest]));
}
