import type { AlbumSummary, RemoteSong } from '../server/music-server.js';
import { SubsonicError, subsonicReason } from '../server/subsonic-error.js';
import { bareSong } from './bare-song.fixture.js';
import type { LibrarySource } from './library-refresh.js';

/** The read side of a music server in memory, whose library tests change at will. */
export class MemoryServer implements LibrarySource {
  account = 'alice@http://music.example';
  /** Songs by album, in the order of the list. */
  readonly library = new Map<string, RemoteSong[]>();
  /** Calls by method. */
  readonly calls = { albums: 0, albumSongs: 0, songs: 0, starredIds: 0 };
  /** False for a server that has no way to list all songs. */
  listsSongs = true;
  /** Called before each answer. */
  before: ((method: keyof MemoryServer['calls'], argument: string | number) => void | Promise<void>) | null =
    null;

  put(albumId: string, ...songs: (Partial<RemoteSong> & { id: string })[]): void {
    this.library.set(
      albumId,
      songs.map((song) => remoteSong({ album: albumId, albumId, ...song })),
    );
  }

  async albums(offset: number, size: number, signal?: AbortSignal): Promise<AlbumSummary[]> {
    await this.#enter('albums', offset, signal);
    return [...this.library].slice(offset, offset + size).map(([id, songs]) => ({
      id,
      revision: songs.map((song) => `${song.title}${song.playCount}`).join(),
    }));
  }

  async albumSongs(albumId: string, signal?: AbortSignal): Promise<RemoteSong[]> {
    await this.#enter('albumSongs', albumId, signal);
    const songs = this.library.get(albumId);
    if (!songs) throw new SubsonicError('getAlbum', subsonicReason.notFound, 'Album not found');
    return songs;
  }

  async songs(offset: number, size: number, signal?: AbortSignal): Promise<RemoteSong[]> {
    await this.#enter('songs', offset, signal);
    return this.listsSongs ? [...this.library.values()].flat().slice(offset, offset + size) : [];
  }

  async starredIds(signal?: AbortSignal): Promise<Set<string>> {
    await this.#enter('starredIds', 0, signal);
    return new Set(
      [...this.library.values()].flat().flatMap((song) => (song.starredAt === null ? [] : song.id)),
    );
  }

  async #enter(
    method: keyof MemoryServer['calls'],
    argument: string | number,
    signal?: AbortSignal,
  ): Promise<void> {
    this.calls[method]++;
    await this.before?.(method, argument);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
}

export function remoteSong(song: Partial<RemoteSong> & { id: string }): RemoteSong {
  return { ...bareSong, title: `Tune ${song.id}`, artist: 'Somebody', durationMs: 200_000, ...song };
}
