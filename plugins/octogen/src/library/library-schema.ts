/** A song in the index. Times are ms since the epoch. */
export interface SongTable {
  /** The row's number, which keys and full text refer to. */
  seq: number;
  id: string;
  title: string;
  artist: string;
  album: string | null;
  album_id: string | null;
  /** A JSON array of names. */
  genres: string;
  year: number | null;
  duration_ms: number | null;
  bpm: number | null;
  rating: number;
  starred_at: number | null;
  play_count: number;
  last_played_at: number | null;
  added_at: number | null;
  mbid: string | null;
  recording: string;
  /** The album whose listing last held the song; null once that listing was read again without it. */
  listed_in: string | null;
  /** 32 bits over everything above but `listed_in`: equal as long as nothing of it changes. */
  hash: number;
}

/** An album that was read, at the revision it had. */
export interface AlbumTable {
  id: string;
  revision: string;
}

/** What a song can be found by: each of its artist's names with each form of its title, folded. */
export interface KeyTable {
  artist_key: string;
  title_key: string;
  song: number;
}

/** One row. The counts are kept by triggers, in the transaction that changes what they count. */
export interface StateTable {
  songs: number;
  albums: number;
  rated: number;
  low_rated: number;
  /** End of the last complete pass that read every album. */
  full_at: number | null;
  /** The account the index was read from. */
  account: string | null;
}

export interface LibrarySchema {
  library_songs: SongTable;
  library_albums: AlbumTable;
  library_keys: KeyTable;
  library_state: StateTable;
}
