import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakePlaylist, FakeSong } from './fake-subsonic-data.fixture.js';
import { type Fault, serveFault } from './fake-subsonic-fault.fixture.js';
import { type FakeProfile, navidromeProfile } from './fake-subsonic-profile.fixture.js';

export interface FakeRequest {
  method: string;
  params: URLSearchParams;
}

export interface FakeSubsonicOptions {
  songs?: readonly FakeSong[];
  profile?: FakeProfile;
  username?: string;
  password?: string;
  /** Path that the API stands below, for example `/music`. */
  basePath?: string;
}

type Body = Record<string, unknown>;

class Refusal extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A Subsonic server in memory, made from the documented protocol (API 1.16.1 and OpenSubsonic).
 * It keeps state, counts requests, and can be told to fail, to stall, to lie and to change under the reader.
 */
export class FakeSubsonic implements AsyncDisposable {
  readonly username: string;
  readonly password: string;
  /** Songs by id; tests may change it at any moment. */
  readonly songs = new Map<string, FakeSong>();
  /** Playlists by id; tests may change it at any moment. */
  readonly playlists = new Map<string, FakePlaylist>();
  /** Every request that passed authentication, oldest first. */
  readonly requests: FakeRequest[] = [];
  /** How many requests are being answered right now, and the most there ever were. */
  readonly load = { now: 0, peak: 0 };
  profile: FakeProfile;
  /** Receives the path and query of every request. */
  onUrl: ((url: string) => void) | null = null;
  /** Called before each answer: the place to change the library during a scan. */
  onRequest: ((request: FakeRequest) => void | Promise<void>) | null = null;

  readonly #faults: Fault[] = [];
  readonly #held = new Set<ServerResponse>();
  readonly #basePath: string;
  readonly #server: Server;
  #sequence = 0;

  private constructor(options: FakeSubsonicOptions) {
    this.username = options.username ?? 'alice';
    this.password = options.password ?? 'Secr3t!é';
    this.profile = options.profile ?? navidromeProfile;
    this.#basePath = options.basePath ?? '';
    for (const song of options.songs ?? []) this.songs.set(song.id, song);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
    });
  }

  static async start(options: FakeSubsonicOptions = {}): Promise<FakeSubsonic> {
    const fake = new FakeSubsonic(options);
    await new Promise<void>((resolve, reject) => {
      fake.#server.once('error', reject);
      fake.#server.listen(0, '127.0.0.1', resolve);
    });
    return fake;
  }

  /** The base URL to configure, without `/rest`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.#basePath}`;
  }

  /** Makes coming requests go wrong. Returns a function that ends the fault. */
  fault(fault: Fault): () => void {
    this.#faults.push(fault);
    return () => {
      const at = this.#faults.indexOf(fault);
      if (at >= 0) this.#faults.splice(at, 1);
    };
  }

  /** How often a method was called. */
  count(method: string): number {
    return this.requests.filter((request) => request.method === method).length;
  }

  /** Adds a list as if someone made it in another client. Returns its id. */
  addPlaylist(list: Partial<FakePlaylist> & { name: string }): string {
    const id = list.id ?? `pl-${++this.#sequence}`;
    this.playlists.set(id, { owner: this.username, public: false, songIds: [], ...list, id });
    return id;
  }

  async stop(): Promise<void> {
    for (const response of this.#held) response.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://fake');
    const params = url.searchParams;
    this.onUrl?.(url.pathname + url.search);
    if (request.method === 'POST') {
      for (const [key, value] of new URLSearchParams(await readBody(request))) params.append(key, value);
    }
    const prefix = `${this.#basePath}/rest/`;
    if (!url.pathname.startsWith(prefix)) return webPage(response, 200);
    const method = url.pathname.slice(prefix.length).replace(/\.view$/, '');

    this.load.now++;
    this.load.peak = Math.max(this.load.peak, this.load.now);
    response.once('close', () => {
      this.load.now--;
      this.#held.delete(response);
    });
    const call = { method, params };
    const fault = this.#takeFault(call);
    if (fault && fault.kind !== 'after') {
      this.#held.add(response);
      if (await serveFault(fault, response)) return;
    }
    const body = await this.#answer(call);
    if (fault?.kind === 'after') return void response.destroy();
    const status = body.status === 'unknown' ? 404 : 200;
    if (status === 404) body.status = 'failed';
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ 'subsonic-response': body }));
  }

  #takeFault(call: FakeRequest): Fault | undefined {
    const fault = this.#faults.find(
      (one) =>
        (one.method === undefined || one.method === call.method) &&
        (one.when === undefined || one.when(call.params)),
    );
    if (!fault) return undefined;
    if (fault.skip !== undefined && fault.skip > 0) {
      fault.skip--;
      return undefined;
    }
    if (fault.times !== undefined && --fault.times <= 0) this.#faults.splice(this.#faults.indexOf(fault), 1);
    return fault;
  }

  async #answer(call: FakeRequest): Promise<Body> {
    const head: Body = { version: this.profile.version };
    if (this.profile.product !== null) {
      Object.assign(head, { type: this.profile.product, serverVersion: '0.58.0', openSubsonic: true });
    }
    try {
      this.#authenticate(call.params);
      this.requests.push(call);
      await this.onRequest?.(call);
      return { status: 'ok', ...head, ...this.#call(call.method, call.params) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const unknown = error.message === 'Unknown method';
      return {
        status: unknown ? 'unknown' : 'failed',
        ...head,
        error: { code: error.code, message: error.message },
      };
    }
  }

  #authenticate(params: URLSearchParams): void {
    if (!params.get('c')) throw new Refusal(10, 'A required parameter is missing');
    const sent = params.get('p');
    const password = sent?.startsWith('enc:') ? Buffer.from(sent.slice(4), 'hex').toString('utf8') : sent;
    if (password === null || password === undefined) {
      const token = params.get('t');
      const salt = params.get('s');
      if (!this.profile.tokenAuth || !token || !salt)
        throw new Refusal(10, 'A required parameter is missing');
      const expected = createHash('md5').update(`${this.password}${salt}`).digest('hex');
      if (params.get('u') === this.username && token === expected) return;
    } else if (params.get('u') === this.username && password === this.password) return;
    throw new Refusal(40, 'Wrong username or password');
  }

  #call(method: string, params: URLSearchParams): Body {
    switch (method) {
      case 'ping':
        return {};
      case 'getAlbumList2':
        return this.#albumList(params);
      case 'getAlbum':
        return this.#album(required(params, 'id'));
      case 'search3':
        return this.#search(params);
      case 'getStarred2': {
        const song = [...this.songs.values()].filter((one) => one.starred !== undefined).map(entry);
        return { starred2: song.length > 0 ? { song } : {} };
      }
      case 'getPlaylists':
        return this.#listPlaylists();
      case 'getPlaylist':
        return { playlist: this.#describe(this.#readable(required(params, 'id')), true) };
      case 'createPlaylist':
        return this.#createPlaylist(params);
      case 'deletePlaylist':
        this.playlists.delete(this.#writable(required(params, 'id')).id);
        return {};
      default:
        throw new Refusal(0, 'Unknown method');
    }
  }

  #albumList(params: URLSearchParams): Body {
    const size = Math.min(Number(params.get('size') ?? 10), this.profile.pageCap);
    const offset = Number(params.get('offset') ?? 0);
    const albums = new Map<string, FakeSong[]>();
    for (const song of this.songs.values()) {
      const group = albums.get(song.albumId);
      if (group) group.push(song);
      else albums.set(song.albumId, [song]);
    }
    const sorted = [...albums].sort(([, a], [, b]) => compare(a[0]?.album ?? '', b[0]?.album ?? ''));
    const album = sorted.slice(offset, offset + size).map(([id, songs]) => albumEntry(id, songs));
    return { albumList2: album.length > 0 ? { album } : {} };
  }

  #album(id: string): Body {
    const songs = [...this.songs.values()].filter((song) => song.albumId === id);
    if (songs.length === 0) throw new Refusal(70, 'Album not found');
    return { album: { ...albumEntry(id, songs), song: songs.map(entry) } };
  }

  #search(params: URLSearchParams): Body {
    const query = required(params, 'query');
    if (!this.profile.everySong.includes(query)) return { searchResult3: {} };
    const offset = Number(params.get('songOffset') ?? 0);
    const song = [...this.songs.values()].slice(offset, offset + Number(params.get('songCount') ?? 20));
    return { searchResult3: song.length > 0 ? { song: song.map(entry) } : {} };
  }

  #listPlaylists(): Body {
    const visible = [...this.playlists.values()].filter(
      (list) => list.owner === this.username || list.public,
    );
    const playlist = visible.map((list) => this.#describe(list, false));
    return { playlists: playlist.length > 0 ? { playlist } : {} };
  }

  #createPlaylist(params: URLSearchParams): Body {
    const songIds = params.getAll('songId');
    this.#checkSongs(songIds);
    const existing = params.get('playlistId');
    let list: FakePlaylist;
    if (existing !== null) {
      list = this.#writable(existing);
      list.songIds = songIds;
      if (params.has('name')) list.name = params.get('name') as string;
    } else {
      const id = this.addPlaylist({ name: required(params, 'name'), songIds });
      list = this.playlists.get(id) as FakePlaylist;
    }
    return this.profile.answersPlaylist ? { playlist: this.#describe(list, true) } : {};
  }

  #checkSongs(ids: readonly string[]): void {
    if (this.profile.checksSongIds && ids.some((id) => !this.songs.has(id)))
      throw new Refusal(70, 'Track not found');
  }

  #readable(id: string): FakePlaylist {
    const list = this.playlists.get(id);
    if (!list) throw new Refusal(70, 'Playlist not found');
    return list;
  }

  #writable(id: string): FakePlaylist {
    const list = this.#readable(id);
    if (list.owner !== this.username) throw new Refusal(50, 'User is not authorized for the given operation');
    return list;
  }

  #describe(list: FakePlaylist, withSongs: boolean): Body {
    const foreign = list.owner !== this.username && this.profile.bracketsOwner;
    const songs = list.songIds.map((id) => this.songs.get(id)).filter((song) => song !== undefined);
    return {
      id: list.id,
      name: foreign ? `[${list.owner}] ${list.name}` : list.name,
      owner: list.owner,
      public: list.public,
      songCount: songs.length,
      duration: songs.reduce((sum, song) => sum + (song.duration ?? 0), 0),
      created: '2026-01-01T00:00:00',
      ...(withSongs && songs.length > 0 ? { entry: songs.map(entry) } : {}),
    };
  }
}

function required(params: URLSearchParams, name: string): string {
  const value = params.get(name);
  if (value === null) throw new Refusal(10, 'A required parameter is missing');
  return value;
}

function entry(song: FakeSong): Body {
  const { albumId, ...rest } = song;
  return { ...rest, albumId, parent: albumId, isDir: false, type: 'music', bitRate: 128 };
}

function albumEntry(id: string, songs: readonly FakeSong[]): Body {
  return {
    id,
    name: songs[0]?.album,
    artist: songs[0]?.artist,
    songCount: songs.length,
    duration: songs.reduce((sum, song) => sum + (song.duration ?? 0), 0),
    playCount: songs.reduce((sum, song) => sum + (song.playCount ?? 0), 0),
    created: songs[0]?.created ?? '2026-01-01T00:00:00',
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function webPage(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>Somewhere else</title>');
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  request.setEncoding('utf8');
  for await (const chunk of request) text += chunk;
  return text;
}
