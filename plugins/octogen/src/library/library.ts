import type { Song } from './song.js';

/** How large the index is. */
export interface IndexState {
  songs: number;
  albums: number;
}

/** What the index holds, in figures. */
export interface IndexStatistics {
  songs: number;
  /** Songs with a rating. */
  rated: number;
  /** Songs rated one or two stars. */
  lowRated: number;
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
