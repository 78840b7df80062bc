// Only types are imported here: the benchmarks load this file with Node alone, which strips types and no more.
import type { WantedTrack } from '../matching/match-result.js';
import type { AlbumSummary, RemoteSong } from '../server/music-server.js';

/** Numbers from 0 to 1, the same for the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const syllables = [
  ...['ra', 'mo', 'ti', 'lu', 'sen', 'dar', 'vi', 'ko', 'bel', 'ni', 'sha', 'tor', 'el', 'gra', 'fin', 'os'],
  ...['pu', 'ket', 'ja', 'wen', 'ol', 'stra', 'mi', 'hu', 'ber', 'cla', 'don', 'é', 'ri', 'zu', 'ø', 'ne'],
];
const small = [
  'the',
  'of',
  'in',
  'my',
  'you',
  'and',
  'a',
  'to',
  'love',
  'night',
  'blue',
  'day',
  'heart',
  'no',
];
const endings = [
  '',
  '',
  '',
  '',
  '',
  ' (Live)',
  ' - Remastered 2011',
  ' (Radio Edit)',
  ' (feat. Somebody)',
  ' (Acoustic)',
];

export interface GeneratedAlbum {
  album: AlbumSummary;
  songs: RemoteSong[];
}

/** A library of about `songs` songs with names as varied as real ones: ten songs an album, some 1.7 albums an artist. */
export function* generateAlbums(songs: number, seed = 1): Generator<GeneratedAlbum> {
  const next = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const word = (): string =>
    Array.from({ length: 1 + Math.floor(next() * 3) }, () => pick(syllables)).join('');
  const title = (): string => {
    const words = Array.from({ length: 1 + Math.floor(next() * 4) }, () =>
      next() < 0.35 ? pick(small) : word(),
    );
    return words.map((one) => one[0]?.toUpperCase() + one.slice(1)).join(' ');
  };
  let artist = '';
  for (let number = 0; number < songs / 10; number++) {
    if (number === 0 || next() < 0.6) artist = `${next() < 0.2 ? 'The ' : ''}${word()} ${title()}`;
    const album = title();
    const id = `album-${number}`;
    yield {
      album: { id, revision: '1' },
      songs: Array.from({ length: 10 }, (_, track) => ({
        id: `song-${number}-${track}`,
        title: title() + pick(endings),
        artist,
        album,
        albumId: id,
        genres: [pick(['Rock', 'Pop', 'Jazz', 'Electronic', 'Folk', 'Metal', 'Hip-Hop', 'Classical'])],
        year: 1960 + Math.floor(next() * 65),
        durationMs: 120_000 + Math.floor(next() * 240_000),
        rating: next() < 0.1 ? 1 + Math.floor(next() * 5) : 0,
        starredAt: next() < 0.03 ? 1_700_000_000_000 : null,
        playCount: Math.floor(next() ** 4 * 50),
        addedAt: 1_600_000_000_000 + Math.floor(next() * 1e11),
        bpm: null,
        lastPlayedAt: null,
        mbid: null,
      })),
    };
  }
}

/** Tracks that someone wants of these songs: 60 % as tagged, 30 % written otherwise or misspelt, 10 % not there. */
export function generateWanted(songs: readonly RemoteSong[], count: number, seed = 2): WantedTrack[] {
  const next = random(seed);
  return Array.from({ length: count }, (_, at) => {
    const song = songs[Math.floor(next() * songs.length)] as RemoteSong;
    const { artist, title } = song;
    const share = (at % 10) / 10;
    if (share < 0.6) return { artist, title, durationMs: song.durationMs };
    if (share < 0.9) return variant(artist, title, at, next);
    return { artist: `Unheard ${at} Of`, title: `Nowhere ${title}` };
  });
}

function variant(artist: string, title: string, at: number, next: () => number): WantedTrack {
  switch (at % 4) {
    case 0:
      return { artist: artist.toUpperCase(), title: `${title} - 2009 Remaster` };
    case 1:
      return { artist: `${artist} feat. Guest`, title };
    case 2:
      return {
        artist: artist.startsWith('The ') ? artist.slice(4) : `The ${artist}`,
        title: `${title} (Bonus Track)`,
      };
    default:
      return { artist: swapTwo(artist, next), title: title.length > 10 ? swapTwo(title, next) : title };
  }
}

/** Two neighbouring letters change places. */
function swapTwo(text: string, next: () => number): string {
  const at = Math.floor(next() * (text.length - 1));
  return text.slice(0, at) + text.charAt(at + 1) + text.charAt(at) + text.slice(at + 2);
}
