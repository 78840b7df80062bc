import { bareSong } from '../library/bare-song.fixture.js';
import type { Song } from '../library/song.js';
import { recordingKey } from './recording-key.js';

let sequence = 0;

/** A song with defaults for what a test does not care about. */
export function song(fields: Partial<Song> & { title: string }): Song {
  const filled = {
    ...bareSong,
    id: `song-${String(++sequence).padStart(4, '0')}`,
    artist: 'Radiohead',
    ...fields,
  };
  return { ...filled, recording: fields.recording ?? recordingKey(filled) };
}
