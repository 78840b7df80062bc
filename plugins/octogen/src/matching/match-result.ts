import type { Song } from '../library/song.js';

/** A track that someone wants, as a person, a list or a model writes it. */
export interface WantedTrack {
  artist: string;
  title: string;
  album?: string | null;
  durationMs?: number | null;
  /** MusicBrainz recording id. */
  mbid?: string | null;
}

/** Why a song is not the answer. */
export const rejections = ['artist', 'title', 'version', 'duration', 'low_rated', 'duplicate'] as const;

export type Rejection = (typeof rejections)[number];

/** A song of the library that was looked at. */
export interface MatchCandidate {
  song: Song;
  /** 0–1; 1 is the same in every respect that was asked for. */
  score: number;
  /** Missing on the answer itself. */
  rejected?: Rejection;
}

export interface MatchResult {
  /** The answer; null where nothing in the library is the wanted track. */
  match: MatchCandidate | null;
  /** What was looked at, the answer first, then by score; at most ten. */
  candidates: MatchCandidate[];
}
