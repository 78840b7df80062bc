import type { RemotePlaylist } from './music-server.js';
import { type Fields, text } from './subsonic-fields.js';

/** Reads a playlist of an answer as `username` sees it; null for an entry without an id. */
export function readPlaylist(fields: Fields, username: string): RemotePlaylist | null {
  const id = text(fields.id);
  if (id === '') return null;
  const owner = text(fields.owner) || username;
  const own = owner.toLowerCase() === username.toLowerCase();
  const name = text(fields.name);
  // supysonic writes `[owner] name` for the public lists of others.
  const prefix = `[${owner}] `;
  return {
    id,
    name: !own && name.startsWith(prefix) ? name.slice(prefix.length) : name,
    owner,
    own,
  };
}
