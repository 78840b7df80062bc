import type { Song } from '../library/song.js';
import type { LedgerSong, ListVersion } from './ledger-entry.js';

/** The songs of a former version that still exist, with why they were there: our reason, or that the user added them. */
export function restoreSongs(version: ListVersion, existing: ReadonlyMap<string, Song>): LedgerSong[] {
  const chosen = new Map(version.songs.map((song) => [song.id, song]));
  return version.songIds.flatMap((id): LedgerSong[] => {
    const song = existing.get(id);
    if (!song) return [];
    const known = chosen.get(id);
    if (known) return [known];
    const { title, artist, album, durationMs } = song;
    const reason = { source: 'user', score: 0, parts: {}, text: 'You had put it on this list.' } as const;
    return [{ id, title, artist, album, durationMs, reason }];
  });
}
