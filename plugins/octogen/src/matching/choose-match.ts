import type { Song } from '../library/song.js';
import type { MatchCandidate, MatchResult, Rejection } from './match-result.js';
import { scoreCandidate, type Wanted } from './score-candidate.js';
import { readTitle } from './title.js';

/** The most candidates an answer tells of. */
const SHOWN = 10;

/** Judges the candidates for one wanted track, each by itself and against each other. A pure function. */
export function chooseMatch(wanted: Wanted, songs: Iterable<Song>): MatchResult {
  const judged = [...songs].map((song) => ({ song, ...scoreCandidate(wanted, song) }));
  const condemned = condemnedRecordings(judged);
  const byRank = judged.sort(
    (a, b) => Number(Boolean(a.rejected)) - Number(Boolean(b.rejected)) || rank(a, b),
  );
  let match: MatchCandidate | null = null;
  const candidates: MatchCandidate[] = [];
  for (const { song, score, rejected } of byRank) {
    let reason: Rejection | undefined = rejected;
    if (reason === undefined && (isLowRated(song) || condemned.has(song.recording))) reason = 'low_rated';
    if (reason === undefined && match !== null) reason = 'duplicate';
    const candidate = reason === undefined ? { song, score } : { song, score, rejected: reason };
    if (reason === undefined) match = candidate;
    candidates.push(candidate);
  }
  candidates.sort(
    (a, b) => Number(b === match) - Number(a === match) || b.score - a.score || order(a.song, b.song),
  );
  return { match, candidates: candidates.slice(0, SHOWN) };
}

/** Recordings of which the user disliked a copy and liked none: another copy of them is no better. */
function condemnedRecordings(judged: readonly { song: Song; rejected?: Rejection }[]): ReadonlySet<string> {
  const bad = new Set<string>();
  const liked = new Set<string>();
  for (const { song, rejected } of judged) {
    if (rejected !== undefined) continue;
    if (isLowRated(song)) bad.add(song.recording);
    else if (song.rating >= 3 || song.starredAt !== null) liked.add(song.recording);
  }
  return new Set([...bad].filter((recording) => !liked.has(recording)));
}

function isLowRated(song: Song): boolean {
  return song.rating === 1 || song.rating === 2;
}

/** Best first. Where the score ties: studio albums before live ones, then what the user prefers, then the id. */
function rank(a: { song: Song; score: number }, b: { song: Song; score: number }): number {
  return (
    b.score - a.score ||
    Number(isLiveAlbum(a.song)) - Number(isLiveAlbum(b.song)) ||
    b.song.rating - a.song.rating ||
    Number(b.song.starredAt !== null) - Number(a.song.starredAt !== null) ||
    b.song.playCount - a.song.playCount ||
    order(a.song, b.song)
  );
}

/** A song without a marker may still be a concert recording where its album says so. */
function isLiveAlbum(song: Song): boolean {
  if (song.album === null) return false;
  return (
    readTitle(song.album).version === 'live' || /\bunplugged\b|^live (?:at|in|from|on)\b/i.test(song.album)
  );
}

function order(a: Song, b: Song): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
