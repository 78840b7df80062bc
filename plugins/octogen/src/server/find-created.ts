import type { MusicServer } from './music-server.js';

export interface Created {
  /** Ids of every playlist that was there before. */
  before: ReadonlySet<string>;
  name: string;
  songIds: readonly string[];
  /** The server said that it made the list; else only one that holds just these songs counts. */
  confirmed: boolean;
}

/**
 * The id of a playlist that was just created, found by what is new since: our own, of that name. Where someone made
 * one of the same name in the same moment, its songs decide.
 */
export async function findCreated(
  server: Pick<MusicServer, 'playlists' | 'playlistSongIds'>,
  { before, name, songIds, confirmed }: Created,
  signal?: AbortSignal,
): Promise<string | null> {
  const wanted = name.trim();
  const fresh = (await server.playlists(signal)).filter(
    (playlist) => playlist.own && playlist.name === wanted && !before.has(playlist.id),
  );
  const [only] = fresh;
  if (confirmed && fresh.length === 1 && only) return only.id;
  for (const playlist of fresh) {
    const held = await server.playlistSongIds(playlist.id, signal);
    if (held?.length === songIds.length && held.every((id, at) => id === songIds[at])) return playlist.id;
  }
  return null;
}
