import { hash } from 'node:crypto';
import { isAtollError, type Logger, type Resilience, UpstreamError } from '@atoll/sdk';
import { findCreated } from './find-created.js';
import type { AlbumSummary, MusicServer, RemotePlaylist, RemoteSong, ServerInfo } from './music-server.js';
import { readPlaylist } from './read-playlist.js';
import { readSong } from './read-song.js';
import { SubsonicClient, type SubsonicSettings } from './subsonic-client.js';
import { isNotFound, SUBSONIC, SubsonicError } from './subsonic-error.js';
import { type Fields, first, list, text } from './subsonic-fields.js';

/** The most albums a page may hold by the protocol. */
const PAGE_LIMIT = 500;

/** Navidrome, gonic, supysonic, Airsonic, Ampache…: every server that speaks the Subsonic protocol. */
export class SubsonicServer implements MusicServer {
  readonly #client: SubsonicClient;
  /** Searches that find every song: nothing, as supysonic wants it, or nothing in quotes, as gonic does. One once known. */
  #everySong: readonly string[] = ['', '""'];

  constructor(resilience: Resilience, settings: SubsonicSettings, logger: Logger) {
    this.#client = new SubsonicClient(resilience, settings, logger);
  }

  get account(): string {
    return this.#client.account;
  }

  probe(signal?: AbortSignal): Promise<ServerInfo> {
    return this.#client.probe(signal);
  }

  async albums(offset: number, size: number, signal?: AbortSignal): Promise<AlbumSummary[]> {
    const params = { type: 'alphabeticalByName', offset, size: Math.min(size, PAGE_LIMIT) };
    const answer = await this.#client.call('getAlbumList2', params, { signal });
    const albums = list(first(answer.albumList2)?.album);
    return albums.flatMap((album) => {
      const id = text(album.id);
      if (id === '') return [];
      return [{ id, revision: revision(album) }];
    });
  }

  async albumSongs(albumId: string, signal?: AbortSignal): Promise<RemoteSong[]> {
    const answer = await this.#client.call('getAlbum', { id: albumId }, { signal });
    return songs(first(answer.album)?.song);
  }

  async songs(offset: number, size: number, signal?: AbortSignal): Promise<RemoteSong[]> {
    for (const query of this.#everySong) {
      const params = { query, artistCount: 0, albumCount: 0, songCount: size, songOffset: offset };
      try {
        const answer = await this.#client.call('search3', params, { signal });
        const page = songs(first(answer.searchResult3)?.song);
        if (page.length === 0) continue;
        this.#everySong = [query];
        return page;
      } catch (error) {
        if (!(error instanceof SubsonicError) || query === this.#everySong.at(-1)) throw error;
      }
    }
    return [];
  }

  async starredIds(signal?: AbortSignal): Promise<Set<string>> {
    const answer = await this.#client.call('getStarred2', {}, { signal });
    return new Set(songs(first(answer.starred2)?.song).map((song) => song.id));
  }

  async playlists(signal?: AbortSignal): Promise<RemotePlaylist[]> {
    const answer = await this.#client.call('getPlaylists', {}, { signal });
    return list(first(answer.playlists)?.playlist).flatMap((playlist) => {
      const read = readPlaylist(playlist, this.#client.username);
      return read === null ? [] : [read];
    });
  }

  async playlistSongIds(playlistId: string, signal?: AbortSignal): Promise<string[] | null> {
    try {
      const answer = await this.#client.call('getPlaylist', { id: playlistId }, { signal });
      return list(first(answer.playlist)?.entry)
        .map((entry) => text(entry.id))
        .filter((id) => id !== '');
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  /**
   * The id comes from the answer, else (API 1.10) from comparing the lists before and after. The comparison also
   * tells what became of a call whose answer was lost, so that it is neither repeated nor forgotten.
   */
  async createPlaylist(name: string, songIds: readonly string[], signal?: AbortSignal): Promise<string> {
    const before = new Set((await this.playlists(signal)).map((playlist) => playlist.id));
    const find = (confirmed: boolean) => findCreated(this, { before, name, songIds, confirmed }, signal);
    let answer: Fields;
    try {
      answer = await this.#client.call('createPlaylist', { name, songId: songIds }, { signal, retry: false });
    } catch (error) {
      if (!outcomeUnknown(error) || signal?.aborted) throw error;
      const id = await find(false).catch(() => null);
      if (id === null) throw error;
      return id;
    }
    const id = text(first(answer.playlist)?.id) || (await find(true));
    if (id) return id;
    throw new UpstreamError(
      'upstream_invalid',
      `the music server made no playlist "${name}", though it said so`,
      {
        service: SUBSONIC,
        hint: 'Look at the server’s log.',
      },
    );
  }

  async replaceSongs(playlistId: string, songIds: readonly string[], signal?: AbortSignal): Promise<void> {
    await this.#client.call('createPlaylist', { playlistId, songId: songIds }, { signal });
  }

  async deletePlaylist(playlistId: string, signal?: AbortSignal): Promise<void> {
    try {
      await this.#client.call('deletePlaylist', { id: playlistId }, { signal });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** True for a failure after which the server may have carried the call out all the same. */
function outcomeUnknown(error: unknown): boolean {
  if (!isAtollError(error)) return false;
  if (error instanceof UpstreamError && (error.upstreamStatus ?? 0) >= 500) return true;
  return ['upstream_unreachable', 'upstream_timeout', 'upstream_invalid', 'timed_out'].includes(error.code);
}

function songs(value: unknown): RemoteSong[] {
  return list(value).flatMap((fields) => readSong(fields) ?? []);
}

/**
 * A hash over all the server says of an album, whatever the order of its fields. supysonic joins an album's genres in
 * an order that changes with each start of the server.
 */
function revision({ genre, ...rest }: Fields): string {
  const fields = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha1', JSON.stringify([text(genre).split(', ').sort(), fields]), 'base64url');
}
