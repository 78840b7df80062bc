/** One file of the test library. */
export interface TaggedSong {
  /** Path below the library's folder. */
  file: string;
  title: string;
  artist: string;
  album: string;
  /** Where it is not the artist: compilations. */
  albumArtist?: string;
  genre: string;
  year: number;
  track: number;
  seconds: number;
}

interface Artist {
  name: string;
  genre: string;
  since: number;
  /** Two words per album; titles are made of these and `words`. */
  albums: readonly [string, string];
}

const artists: readonly Artist[] = [
  { name: 'The Copper Lanterns', genre: 'Rock', since: 1968, albums: ['Harbour Lights', 'Second Winter'] },
  { name: 'Ívar Sólnes', genre: 'Ambient', since: 2004, albums: ['Fjörður', 'Næturljós'] },
  { name: 'Mira & The Foxgloves', genre: 'Folk', since: 1974, albums: ['Hedgerow', 'Long Acre'] },
  { name: 'Los Jardines Lejanos', genre: 'Latin', since: 1999, albums: ['Corazón de Sal', 'Mañana Azul'] },
  { name: '夜明け楽団', genre: 'J-Pop', since: 2011, albums: ['青い列車', '星の記憶'] },
  { name: 'Северный Берег', genre: 'Rock', since: 1987, albums: ['Белые Ночи', 'Последний Трамвай'] },
  { name: 'DJ Vantablack', genre: 'Electronic', since: 2013, albums: ['Zero Candela', 'Afterimage'] },
  { name: 'Ottilie Brandt', genre: 'Classical', since: 1992, albums: ['Préludes', 'Nocturnes for Nobody'] },
  { name: 'N.O.V.A.', genre: 'Hip-Hop', since: 2008, albums: ['Supernumerary', 'Red Shift'] },
  { name: 'Half Past Nine', genre: 'Pop', since: 1983, albums: ['Waiting Room', 'Telephone Summer'] },
  { name: 'Grønne Døre', genre: 'Jazz', since: 1959, albums: ['Blå Time', 'Smørrebrød Sessions'] },
  { name: 'Iron Orchard', genre: 'Metal', since: 1990, albums: ['Anvil Bloom', 'Rust and Root'] },
  { name: '???', genre: 'Punk', since: 1979, albums: ['!!!', 'No Answer'] },
  { name: 'The The Answers', genre: 'Indie', since: 2001, albums: ['Who Asked', 'Nobody Did'] },
  { name: 'Céline Aubry', genre: 'Chanson', since: 1966, albums: ['Été Sans Fin', 'Où Tu Vas'] },
  { name: 'Kid Meridian', genre: 'R&B', since: 2016, albums: ['Velvet Hours', 'Slow Weather'] },
  { name: 'Slate River Trio', genre: 'Jazz', since: 1962, albums: ['Quarry', 'Blue Gravel'] },
  { name: 'Polar Bear Parade', genre: 'Electronic', since: 2009, albums: ['Ice Cream Weather', 'Thin Air'] },
  { name: 'Anton Weißgerber', genre: 'Ambient', since: 1995, albums: ['Straße im Nebel', 'Ruhe'] },
  { name: 'Sunday Cartographers', genre: 'Indie', since: 2014, albums: ['Contour Lines', 'Here Be Dragons'] },
  { name: 'Big Lenny Moss', genre: 'Blues', since: 1957, albums: ['Muddy Ledger', 'Left My Key'] },
  { name: 'Tamsin Okoro', genre: 'Soul', since: 1971, albums: ['Golden Ratio', 'Kitchen Light'] },
  { name: 'Wire Garden', genre: 'Punk', since: 1981, albums: ['Short Circuit', 'Fuse'] },
  { name: 'The Midnight Botanists', genre: 'Pop', since: 2019, albums: ['Greenhouse', 'Perennial'] },
];

const words: readonly string[] = [
  ...[
    'River',
    'Window',
    'Paper',
    'Ember',
    'Static',
    'Harbour',
    'Signal',
    'Marble',
    'Echo',
    'Orchid',
    'Thunder',
  ],
  ...[
    'Velvet',
    'Compass',
    'Satellite',
    'Mercury',
    'Lantern',
    'Gravity',
    'Saffron',
    'Quarter',
    'Balcony',
    'Atlas',
  ],
];

/**
 * More than 300 songs by 24 artists: two albums each, with features, remasters and brackets; a concert album, remixes,
 * a compilation that repeats recordings, and files with next to no tags. The same list every time.
 */
export function musicSongs(): TaggedSong[] {
  const songs: TaggedSong[] = artists.flatMap((artist, number) =>
    artist.albums.flatMap((album, which) =>
      Array.from({ length: 6 }, (_, at) =>
        songOf(
          artist,
          album,
          artist.since + which * 6,
          at + 1,
          titleOf(number, which, at),
          number + which * 7 + at,
        ),
      ),
    ),
  );
  const copper = artists[0] as Artist;
  const studio = songs.filter((song) => song.artist === copper.name).slice(0, 6);
  studio.forEach((song, at) => {
    songs.push(songOf(copper, 'Live at the Pier', 1975, at + 1, `${song.title} (Live)`, at + 3));
  });
  const vantablack = songs.filter((song) => song.artist === 'DJ Vantablack').slice(0, 4);
  vantablack.forEach((song, at) => {
    const mix = at % 2 === 0 ? 'Kid Meridian Remix' : 'Extended Mix';
    songs.push({
      ...song,
      album: 'Zero Candela Remixed',
      title: `${song.title} (${mix})`,
      track: at + 1,
      file: '',
    });
  });
  const hits = songs.filter((_, at) => at % 12 === 4).slice(0, 20);
  hits.forEach((song, at) => {
    const title = at % 3 === 0 ? `${song.title} - 2011 Remaster` : song.title;
    songs.push({
      ...song,
      title,
      album: 'Everybody’s Favourites',
      albumArtist: 'Various Artists',
      track: at + 1,
      file: '',
    });
  });
  return songs.map((song) => ({ ...song, file: fileOf(song) }));
}

/** Twelve different words open the titles of an artist, so that no two of them are one recording. */
function titleOf(artist: number, album: number, at: number): string {
  const one = words[(artist * 5 + album * 6 + at) % words.length] as string;
  const two = words[(artist * 3 + album * 6 + at + 10) % words.length] as string;
  switch (at) {
    case 0:
      return `${one} Song`;
    case 1:
      return `The ${one} & the ${two}`;
    case 2:
      return `${one} (feat. Tamsin Okoro)`;
    case 3:
      return `${one} ${two}, Pt. ${album + 1}`;
    case 4:
      return album === 0 ? `Live ${one}` : `(Never) ${one} ${two}`;
    default:
      return album === 0 ? `Don’t ${one} Me` : `${one} - Remastered 2011`;
  }
}

function songOf(
  artist: Artist,
  album: string,
  year: number,
  track: number,
  title: string,
  salt: number,
): TaggedSong {
  const seconds = 90 + ((salt * 37) % 150);
  return { file: '', title, artist: artist.name, album, genre: artist.genre, year, track, seconds };
}

/** A path without characters that file systems mind; the tags hold the real names. */
function fileOf(song: TaggedSong): string {
  const clean = (name: string): string => name.replace(/[\\/:*?"<>|]/g, '_');
  const folder = song.albumArtist ?? song.artist;
  return `${clean(folder)}/${clean(song.album)}/${String(song.track).padStart(2, '0')} ${clean(song.title)}.mp3`;
}
