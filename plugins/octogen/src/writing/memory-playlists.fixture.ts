import { UpstreamError } from '@atoll/sdk';
import type { MusicServer, RemotePlaylist } from '../server/music-server.js';

interface StoredList {
  id: string;
  name: string;
  owner: string;
  songs: string[];
}

/**
 * How a write goes wrong: `before` refuses it, `after` carries it out and loses the answer, `half` leaves half of the
 * songs and loses the answer, `lossy` drops the last song and says that all went well.
 */
export type WriteFault = 'before' | 'after' | 'half' | 'lossy';

/** The playlists of a music server in memory: stateful, counting writes, and failing on demand. */
export class MemoryPlaylists implements MusicServer {
  account = 'alice@http://music.example';
  readonly lists: StoredList[] = [];
  /** Writes that were asked for, as `create Name`, `replace id`, `delete id`. */
  readonly writes: string[] = [];
  /** Consumed by the coming writes, one each. */
  readonly faults: (WriteFault | null)[] = [];
  #sequence = 0;

  /** Adds a list as if made in another client. */
  add(name: string, songs: string[], owner = 'alice'): string {
    const id = `list-${++this.#sequence}`;
    this.lists.push({ id, name, owner, songs });
    return id;
  }

  get(name: string): string[] | undefined {
    return this.lists.find((list) => list.name === name)?.songs;
  }

  probe() {
    return Promise.resolve({ product: 'memory', version: '1', auth: 'token' } as const);
  }

  albums() {
    return Promise.resolve([]);
  }

  albumSongs() {
    return Promise.resolve([]);
  }

  songs() {
    return Promise.resolve([]);
  }

  starredIds() {
    return Promise.resolve(new Set<string>());
  }

  async playlists(signal?: AbortSignal): Promise<RemotePlaylist[]> {
    signal?.throwIfAborted();
    return this.lists.map(({ id, name, owner }) => ({
      id,
      name,
      owner,
      own: owner === 'alice',
    }));
  }

  async playlistSongIds(id: string): Promise<string[] | null> {
    const list = this.lists.find((each) => each.id === id);
    return list ? [...list.songs] : null;
  }

  async createPlaylist(name: string, songIds: readonly string[]): Promise<string> {
    let id = '';
    await this.#write(`create ${name}`, songIds, (songs) => {
      id = this.add(name, songs);
    });
    return id;
  }

  async replaceSongs(id: string, songIds: readonly string[]): Promise<void> {
    await this.#write(`replace ${id}`, songIds, (songs) => {
      const list = this.lists.find((each) => each.id === id);
      if (!list) throw lost('there is no such list');
      list.songs = songs;
    });
  }

  async deletePlaylist(id: string): Promise<void> {
    await this.#write(`delete ${id}`, [], () => {
      const at = this.lists.findIndex((list) => list.id === id);
      if (at >= 0) this.lists.splice(at, 1);
    });
  }

  async #write(what: string, songIds: readonly string[], apply: (songs: string[]) => void): Promise<void> {
    this.writes.push(what);
    const fault = this.faults.shift() ?? null;
    if (fault === 'before') throw lost('the server is down');
    const kept =
      fault === 'half' ? Math.floor(songIds.length / 2) : songIds.length - (fault === 'lossy' ? 1 : 0);
    apply(songIds.slice(0, kept));
    if (fault === 'after' || fault === 'half') throw lost('the connection was lost');
  }
}

function lost(message: string): UpstreamError {
  return new UpstreamError('upstream_unreachable', message, { service: 'subsonic' });
}
