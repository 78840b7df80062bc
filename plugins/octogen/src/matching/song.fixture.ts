import type { Song } from '../library/song.js';
import { recordingKey } from './recording-key.js';

let sequence = 0;

/** A song with defaults for what a test does not care about. */
export function song(fields: Partial<Song> & { title: string }): Song {
  const filled = {
    id: `song-${String(++sequence).padStart(4, '0')}`,
    artist: 'Radiohead',
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
    ...fields,
  };
  return { ...filled, recording: fields.recording ?? recordingKey(filled) };
}
