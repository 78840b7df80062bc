import { bareSong } from '../library/bare-song.fixture.js';
import type { Song } from '../library/song.js';
import { chance, hashText } from './stable-random.js';

let made = 0;

/** A song with everything that `changes` leaves open. */
export function song(changes: Partial<Song> = {}): Song {
  const id = changes.id ?? `song-${++made}`;
  return {
    ...bareSong,
    id,
    title: `Title ${id}`,
    artist: 'Artist',
    album: 'Album',
    albumId: 'album',
    durationMs: 200_000,
    recording: `recording-${id}`,
    ...changes,
  };
}

const genres = ['Rock', 'Jazz', 'Ambient', 'Techno', 'Pop', 'Folk', 'Metal', 'Hip-Hop', 'Classical', 'Soul'];

/** A library with artists, albums, genres, ratings, stars and plays, the same for the same `name`. */
export function library(
  count: number,
  name = 'library',
  artists = Math.max(3, Math.round(count / 12)),
): Song[] {
  const base = hashText(name);
  return Array.from({ length: count }, (_, at) => {
    const draw = (what: string): number => chance(base, hashText(`${what} ${at}`));
    const artist = Math.floor(draw('artist') * artists);
    const album = `${artist}-${Math.floor(draw('album') * 3)}`;
    return song({
      id: `${name}-${at}`,
      title: `Song ${at}`,
      artist: `Artist ${artist}`,
      album: `Album ${album}`,
      albumId: album,
      genres: [
        genres[artist % genres.length]!,
        ...(draw('second') < 0.3 ? [genres[(artist + 1) % genres.length]!] : []),
      ],
      year: 1970 + Math.floor(draw('year') * 55),
      bpm: draw('tempo') < 0.3 ? Math.round(60 + draw('bpm') * 120) : null,
      rating: draw('rated') < 0.15 ? 1 + Math.floor(draw('rating') * 5) : 0,
      starredAt: draw('starred') < 0.08 ? Date.UTC(2026, 0, 1) : null,
      playCount: draw('played') < 0.4 ? Math.floor(draw('plays') * 30) : 0,
      lastPlayedAt:
        draw('played') < 0.4 ? Date.UTC(2026, 0, 1) - Math.floor(draw('last') * 400) * 86_400_000 : null,
      addedAt: Date.UTC(2024, 0, 1),
      recording: `${name}-recording-${at}`,
    });
  });
}
