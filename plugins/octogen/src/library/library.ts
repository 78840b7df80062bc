import type { Song } from './song.js';

/** When and how the index was last brought up to date. */
export interface IndexState {
  /** Songs in the index. */
  songs: number;
  albums: number;
  artists: number;
  refreshedAt: number | null;
  /** Changes whenever the songs, ratings, stars or plays do. */
  fingerprint: string;
}

/** The read side of the index: what engines, matcher and routes ask for. */
export interface Library {
  state(): Promise<IndexState>;
  /** Every song, ordered by id. */
  all(): Promise<Song[]>;
  byIds(ids: readonly string[]): Promise<Map<string, Song>>;
  /** Full-text search over title, artist and album, best first. */
  search(text: string, limit: number): Promise<Song[]>;
  statistics(): Promise<IndexStatistics>;
}

export interface NameCount {
  name: string;
  songs: number;
}

/** What the index holds, in figures. */
export interface IndexStatistics {
  songs: number;
  /** Songs with a rating. */
  rated: number;
  /** Songs rated one or two stars. */
  lowRated: number;
  /** The twenty with the most songs, most first. */
  topArtists: NameCount[];
  topGenres: NameCount[];
}
