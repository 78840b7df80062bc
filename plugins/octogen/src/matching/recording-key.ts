import type { Song } from '../library/song.js';
import { readArtist } from './artist-name.js';
import { readTitle } from './title.js';

/**
 * Equal for every copy of one recording: artist without guests, title without markers, and the kind of version; for
 * remixes and alternate versions also whose. Tags decide before the MusicBrainz id, as one library holds copies with
 * and without it, and MusicBrainz itself counts many remasters as recordings of their own. The id serves where the
 * tags say too little.
 */
export function recordingKey(song: Pick<Song, 'id' | 'artist' | 'title' | 'mbid'>): string {
  const artist = readArtist(song.artist).full;
  const { full, version, qualifier } = readTitle(song.title);
  if (artist === '' || full === '') return song.mbid ?? `id:${song.id}`;
  const which = version === 'remix' || version === 'alternate' ? qualifier : '';
  return [artist, full, version, which].join('|');
}
