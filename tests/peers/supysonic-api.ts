import type { Supysonic } from './supysonic.ts';

interface Listed {
  id: string;
  name: string;
}

interface Song {
  id: string;
  title: string;
  artist?: string;
}

interface Answer {
  'subsonic-response': {
    status: string;
    error?: { message: string };
    playlists?: { playlist?: Listed[] };
    playlist?: { entry?: Song[] };
    searchResult3?: { song?: Song[] };
  };
}

/** What another client of a real supysonic sees and does. */
export class SupysonicApi {
  readonly #server: Supysonic;

  constructor(server: Supysonic) {
    this.#server = server;
  }

  /** Calls a method; fails with the server's message. */
  async call(method: string, params: Record<string, string> = {}): Promise<Answer['subsonic-response']> {
    const query = new URLSearchParams({
      u: this.#server.username,
      p: this.#server.password,
      c: 'tests',
      v: '1.10.2',
      f: 'json',
      ...params,
    });
    const response = await fetch(`${this.#server.url}/rest/${method}.view?${query}`);
    const { 'subsonic-response': answer } = (await response.json()) as Answer;
    if (answer.status !== 'ok') throw new Error(`${method}: ${answer.error?.message}`);
    return answer;
  }

  async playlists(): Promise<Listed[]> {
    const { playlists } = await this.call('getPlaylists');
    return (playlists?.playlist ?? []).map(({ id, name }) => ({ id, name }));
  }

  /** What a playlist holds, in its order. */
  async songs(playlistId: string): Promise<Song[]> {
    const { playlist } = await this.call('getPlaylist', { id: playlistId });
    return playlist?.entry ?? [];
  }

  async songIds(playlistId: string): Promise<string[]> {
    return (await this.songs(playlistId)).map((song) => song.id);
  }

  /** At most `count` songs that have `word` in their title; the empty word for any. */
  async search(word: string, count: number): Promise<Song[]> {
    const { searchResult3 } = await this.call('search3', { query: word, songCount: String(count) });
    return searchResult3?.song ?? [];
  }

  /** Every playlist with its songs. */
  async everything(): Promise<[list: Listed, songs: string[]][]> {
    const lists = await this.playlists();
    return Promise.all(
      lists.map(async (list): Promise<[Listed, string[]]> => [list, await this.songIds(list.id)]),
    );
  }

  async someSongs(): Promise<string[]> {
    return (await this.search('', 5)).map((song) => song.id);
  }

  async deletePlaylists(): Promise<void> {
    for (const { id } of await this.playlists()) await this.call('deletePlaylist', { id });
  }
}
