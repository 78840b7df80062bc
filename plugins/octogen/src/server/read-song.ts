import type { RemoteSong } from './music-server.js';
import { type Fields, list, moment, number, positive, text } from './subsonic-fields.js';

/** Reads a song of an answer; null for what is not a song (folders, videos, entries without an id). */
export function readSong(fields: Fields): RemoteSong | null {
  const id = text(fields.id);
  if (id === '' || fields.isDir === true || fields.isVideo === true) return null;
  const seconds = positive(fields.duration);
  const rating = number(fields.userRating) ?? 0;
  return {
    id,
    title: text(fields.title) || text(fields.name) || fileName(text(fields.path)),
    artist: text(fields.artist) || text(fields.displayArtist) || joinNames(fields.artists),
    album: text(fields.album) || null,
    albumId: text(fields.albumId) || null,
    genres: readGenres(fields),
    year: positive(fields.year),
    durationMs: seconds === null ? null : Math.round(seconds * 1000),
    bpm: positive(fields.bpm),
    rating: Math.min(5, Math.max(0, Math.round(rating))),
    starredAt: readStarred(fields.starred),
    playCount: Math.max(0, Math.floor(number(fields.playCount) ?? 0)),
    lastPlayedAt: moment(fields.played),
    addedAt: moment(fields.created),
    mbid: readMbid(fields.musicBrainzId),
  };
}

/** OpenSubsonic's list of genres, else the one field, which holds several where the tag did. */
function readGenres(fields: Fields): string[] {
  const named = list(fields.genres).map((genre) => text(genre.name));
  const genres = named.length > 0 ? named : genreText(fields.genre).map(text);
  return [...new Set(genres.filter((genre) => genre !== ''))];
}

/** ID3 separates several genres by U+0000, other tags by semicolons. */
function genreText(value: unknown): string[] {
  return typeof value === 'string' ? value.split(/[;\0]/) : [];
}

/** A star whose date cannot be read is still a star. */
function readStarred(value: unknown): number | null {
  if (value === undefined || value === null || value === false || value === '') return null;
  return moment(value) ?? 0;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readMbid(value: unknown): string | null {
  const mbid = text(value).toLowerCase();
  return uuid.test(mbid) ? mbid : null;
}

function joinNames(artists: unknown): string {
  return list(artists)
    .map((artist) => text(artist.name))
    .filter((name) => name !== '')
    .join(', ');
}

function fileName(path: string): string {
  return path.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
}
