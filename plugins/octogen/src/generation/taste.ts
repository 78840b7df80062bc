import type { Recording } from './recording.js';

/**
 * What the user seems to like, from ratings, stars and plays. All figures are 0 to 1; they are made with fixed
 * constants, never relative to the library's own maximum, so that one more song or rating moves only its neighbours.
 */
export interface Taste {
  /** Liking of each recording, by index. */
  liking: Float64Array;
  artists: ReadonlyMap<string, number>;
  genres: ReadonlyMap<string, number>;
  albums: ReadonlyMap<string, number>;
  /** Whether the user has shown any liking at all. */
  known: boolean;
}

/** How much a recording is liked by its own signs: 1 − ∏(1 − sign). */
export function likingOf(recording: Pick<Recording, 'rating' | 'starred' | 'plays'>): number {
  const rated =
    recording.rating === 5 ? 0.9 : recording.rating === 4 ? 0.7 : recording.rating === 3 ? 0.3 : 0;
  const starred = recording.starred ? 0.75 : 0;
  const played = (0.7 * recording.plays) / (recording.plays + 6);
  return 1 - (1 - rated) * (1 - starred) * (1 - played);
}

export function learnTaste(recordings: readonly Recording[]): Taste {
  const liking = new Float64Array(recordings.length);
  const artists = new Tally(3);
  const genres = new Tally(12);
  const albums = new Tally(3);
  let known = false;
  recordings.forEach((recording, index) => {
    const value = likingOf(recording);
    liking[index] = value;
    known ||= value > 0;
    if (recording.artist !== null) artists.add(recording.artist, value);
    if (recording.album !== null) albums.add(recording.album, value);
    for (const genre of recording.genres) genres.add(genre, value);
  });
  return { liking, artists: artists.means(), genres: genres.means(), albums: albums.means(), known };
}

/** Liking of what is around a recording, itself left aside: its artist, album and genres. */
export function neighbourhood(taste: Taste, recording: Recording): number {
  const artist = (recording.artist !== null && taste.artists.get(recording.artist)) || 0;
  const album = (recording.album !== null && taste.albums.get(recording.album)) || 0;
  let genre = 0;
  for (const name of recording.genres) genre = Math.max(genre, taste.genres.get(name) ?? 0);
  return 1 - (1 - 0.8 * artist) * (1 - 0.5 * album) * (1 - 0.6 * genre);
}

/** Sums by name; the mean is drawn to 0 by `doubt` imagined songs nobody cares for, so that one song proves little. */
class Tally {
  readonly #sums = new Map<string, { count: number; sum: number }>();
  readonly #doubt: number;

  constructor(doubt: number) {
    this.#doubt = doubt;
  }

  add(name: string, value: number): void {
    const entry = this.#sums.get(name);
    if (entry) {
      entry.count++;
      entry.sum += value;
    } else {
      this.#sums.set(name, { count: 1, sum: value });
    }
  }

  means(): Map<string, number> {
    const means = new Map<string, number>();
    // Twice the mean of liked songs among all: an artist with half of the songs liked counts as fully liked.
    for (const [name, { count, sum }] of this.#sums) {
      means.set(name, Math.min(1, (2 * sum) / (count + this.#doubt)));
    }
    return means;
  }
}
