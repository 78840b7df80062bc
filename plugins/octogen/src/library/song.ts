/** A song as the index holds it. Times are milliseconds since the epoch. */
export interface Song {
  /** The server's id. */
  id: string;
  title: string;
  /** Empty where the server gives none. */
  artist: string;
  album: string | null;
  albumId: string | null;
  /** Every genre tag, as written. */
  genres: readonly string[];
  year: number | null;
  durationMs: number | null;
  /** Beats per minute, where the server knows. */
  bpm: number | null;
  /** The user's rating 1–5; 0 for none. */
  rating: number;
  starredAt: number | null;
  playCount: number;
  lastPlayedAt: number | null;
  addedAt: number | null;
  /** MusicBrainz recording id, lower case. */
  mbid: string | null;
  /**
   * Equal for every copy of one recording, whatever album holds it: normalised artist, title and kind of version.
   * Copies with one MusicBrainz id are one recording, however they are tagged.
   */
  recording: string;
}
