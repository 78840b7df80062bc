import { describe, expect, it } from 'vitest';
import { readArtist } from './artist-name.js';

describe('readArtist', () => {
  it.each<[string, string, string[]]>([
    ['The Beatles', 'beatles', ['beatles']],
    ['Beatles, The', 'beatles', ['beatles']],
    ['The The', 'the', ['the']],
    ['T.I. feat. Rihanna', 'ti', ['ti', 'rihanna']],
    ['T.I. (ft. Rihanna)', 'ti', ['ti', 'rihanna']],
    ['Simon & Garfunkel', 'simon and garfunkel', ['simon', 'garfunkel']],
    ['Simon and Garfunkel', 'simon and garfunkel', ['simon', 'garfunkel']],
    ['Nick Cave & The Bad Seeds', 'nick cave and the bad seeds', ['nick cave', 'bad seeds']],
    ['Drake, Rihanna', 'drake rihanna', ['drake', 'rihanna']],
    ['Daft Punk; Pharrell Williams', 'daft punk pharrell williams', ['daft punk', 'pharrell williams']],
    ['AC/DC', 'ac dc', ['ac dc']],
    ['!!!', '!!!', ['!!!']],
    ['东方神起', '东方神起', ['东方神起']],
    ['', '', ['']],
  ])('%s', (artist, full, names) => expect(readArtist(artist)).toEqual({ full, names }));
});
