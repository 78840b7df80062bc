import type { MusicServer } from '../server/music-server.js';

export interface ScanLimits {
  /** Albums a page. */
  pageSize: number;
  /** Albums in all; those beyond are not part of the library. */
  maxAlbums: number;
}

/** The same server, of which a reader sees at most so many albums, in pages of at most that size. */
export function limitScan(server: MusicServer, { pageSize, maxAlbums }: ScanLimits): MusicServer {
  return {
    account: server.account,
    probe: (signal) => server.probe(signal),
    albumSongs: (albumId, signal) => server.albumSongs(albumId, signal),
    songs: (offset, size, signal) => server.songs(offset, size, signal),
    starredIds: (signal) => server.starredIds(signal),
    playlists: (signal) => server.playlists(signal),
    playlistSongIds: (id, signal) => server.playlistSongIds(id, signal),
    createPlaylist: (name, songIds, signal) => server.createPlaylist(name, songIds, signal),
    replaceSongs: (id, songIds, signal) => server.replaceSongs(id, songIds, signal),
    deletePlaylist: (id, signal) => server.deletePlaylist(id, signal),
    async albums(offset, size, signal) {
      const left = maxAlbums - offset;
      return left <= 0 ? [] : server.albums(offset, Math.min(size, pageSize, left), signal);
    },
  };
}
