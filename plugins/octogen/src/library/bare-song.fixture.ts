import type { RemoteSong } from '../server/music-server.js';

/** What a song has that nothing is known of. */
export const bareSong: Omit<RemoteSong, 'id' | 'title' | 'artist'> = {
  album: null,
  albumId: null,
  genres: [],
  year: null,
  durationMs: null,
  bpm: null,
  rating: 0,
  starredAt: null,
  playCount: 0,
  lastPlayedAt: null,
  addedAt: null,
  mbid: null,
};
