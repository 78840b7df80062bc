import type { Song } from '../library/song.js';

/** What a server said of itself when it was probed. */
export interface ServerInfo {
  /** `navidrome`, `gonic`, `supysonic`…; `subsonic` when it does not say. */
  product: string;
  version: string;
  auth: 'token' | 'password';
}

export interface AlbumSummary {
  id: string;
  /** Changes when the server's own record of the album does (tags, stars, plays), where it can tell. */
  revision: string;
}

export interface RemotePlaylist {
  id: string;
  name: string;
  owner: string;
  /** Owned by the user we sign in as. */
  own: boolean;
}

/** A song as the server sends it; the index adds `recording`. */
export type RemoteSong = Omit<Song, 'recording'>;

/** A music server that octogen reads a library from and writes playlists to. Every call fails with an UpstreamError or AuthError. */
export interface MusicServer {
  /** Names the account that is read, for example `alice@https://music.example`. An index of another account is stale. */
  readonly account?: string;
  probe(signal?: AbortSignal): Promise<ServerInfo>;
  /** One page of albums in a stable order; shorter than `size` at the end. */
  albums(offset: number, size: number, signal?: AbortSignal): Promise<AlbumSummary[]>;
  albumSongs(albumId: string, signal?: AbortSignal): Promise<RemoteSong[]>;
  /** One page of all songs in the server's own order; none at the end, and where the server does not list them. */
  songs(offset: number, size: number, signal?: AbortSignal): Promise<RemoteSong[]>;
  starredIds(signal?: AbortSignal): Promise<Set<string>>;
  playlists(signal?: AbortSignal): Promise<RemotePlaylist[]>;
  /** Song ids in order; null when the playlist is gone. */
  playlistSongIds(playlistId: string, signal?: AbortSignal): Promise<string[] | null>;
  /** Creates and returns the id, also where the server does not answer it. */
  createPlaylist(name: string, songIds: readonly string[], signal?: AbortSignal): Promise<string>;
  /** Replaces the songs and keeps id and name. */
  replaceSongs(playlistId: string, songIds: readonly string[], signal?: AbortSignal): Promise<void>;
  deletePlaylist(playlistId: string, signal?: AbortSignal): Promise<void>;
}
