import type { Song } from '../library/song.js';
import { normaliseGenres } from './genre.js';

/** Shorter ones are intros, skits and silence. */
const SHORTEST_MS = 45_000;

/** Genres of what is no music, in the spelling of `normaliseGenres`. */
const spoken =
  /^(audio ?books?|audio ?dramas?|horbuch(er)?|horspiele?|podcasts?|speech|spoken( word)?|interviews?|radio ?(plays?|dramas?)|lectures?|sound (effects?|fx)|white noise)$/;

const christmasGenre = /^(christmas|xmas|x mas|holiday|weihnachten|noel|navidad)\b/;
const christmasWords = /\b(christmas|xmas|weihnacht(en|s\w*)?)\b/i;

/**
 * Whether a song has no place on a list made on `day` (`2026-11-21`): speech, intros and skits never do, Christmas
 * songs only from the first of December to the sixth of January.
 */
export function isUnlisted(
  song: Pick<Song, 'title' | 'album' | 'genres' | 'durationMs'>,
  day: string,
): boolean {
  if (song.durationMs !== null && song.durationMs < SHORTEST_MS) return true;
  const genres = normaliseGenres(song.genres);
  if (genres.some((genre) => spoken.test(genre))) return true;
  if (isChristmas(day)) return false;
  return (
    genres.some((genre) => christmasGenre.test(genre)) ||
    christmasWords.test(song.title) ||
    (song.album !== null && christmasWords.test(song.album))
  );
}

function isChristmas(day: string): boolean {
  const date = day.slice(5);
  return date >= '12-01' || date <= '01-06';
}
