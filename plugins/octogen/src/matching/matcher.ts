import type { Song } from '../library/song.js';
import { chooseMatch } from './choose-match.js';
import type { MatchResult, WantedTrack } from './match-result.js';
import { readWanted, type Wanted } from './score-candidate.js';

/** Where candidates come from: the index. */
export interface CandidateSource {
  /** Songs with the same artist and title, in any version, and those with the MusicBrainz id. */
  exact(wanted: Wanted): Promise<Song[]>;
  /** Every song that could pass the floors, and some near misses to explain why there is no match. Slower. */
  similar(wanted: Wanted): Promise<Song[]>;
}

/** Below this an exact match may be bettered: the credit or a bracket differs, or the album or the duration does. */
const SETTLED = 0.97;

/** Tracks between two pauses: some 10 ms of work. */
const PAUSE_EVERY = 20;

/** Finds wanted tracks in the library. */
export class Matcher {
  readonly #source: CandidateSource;

  constructor(source: CandidateSource) {
    this.#source = source;
  }

  async match(track: WantedTrack): Promise<MatchResult> {
    const wanted = readWanted(track);
    const exact = await this.#source.exact(wanted);
    const first = chooseMatch(wanted, exact);
    if (first.match !== null && first.match.score >= SETTLED) return first;
    const songs = new Map([...exact, ...(await this.#source.similar(wanted))].map((song) => [song.id, song]));
    return chooseMatch(wanted, songs.values());
  }

  /** Results in the order of the tracks. */
  async matchMany(tracks: readonly WantedTrack[], signal?: AbortSignal): Promise<MatchResult[]> {
    const results: MatchResult[] = [];
    for (const track of tracks) {
      signal?.throwIfAborted();
      results.push(await this.match(track));
      // The index answers synchronously, so that without a pause nothing else would run until the last track.
      if (results.length % PAUSE_EVERY === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return results;
  }
}
