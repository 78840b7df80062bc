import type { RemotePlaylist } from '../server/music-server.js';

/**
 * The name that a new list gets: its own, or with a mark where the user already has a playlist of that name
 * (`Discovery (Atoll)`, then `Discovery (Atoll 2)`). Playlists of other users do not count, nor do our own.
 */
export function freeName(list: string, remote: readonly RemotePlaylist[], ours: ReadonlySet<string>): string {
  const taken = new Set(
    remote
      .filter((playlist) => playlist.own && !ours.has(playlist.id))
      .map((playlist) => playlist.name.trim()),
  );
  if (!taken.has(list)) return list;
  for (let number = 1; ; number++) {
    const name = `${list} (Atoll${number === 1 ? '' : ` ${number}`})`;
    if (!taken.has(name)) return name;
  }
}
