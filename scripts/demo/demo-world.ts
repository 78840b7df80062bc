import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { musicLibrary } from '../../tests/peers/music-library.ts';
import { Supysonic } from '../../tests/peers/supysonic.ts';
import { SupysonicApi } from '../../tests/peers/supysonic-api.ts';
import { freePort } from '../../tests/support/free-port.ts';
import { HostProcess } from '../../tests/support/host-process.ts';
import { atollProgram, repository } from '../../tests/support/repository.ts';
import { type Listener, makeListener } from './listener.ts';

/**
 * A music server with a library and somebody who listens to it, and a host in a folder of its own that is set up for
 * that server. All of it is gone when it is disposed of, and when the process exits in any other way.
 */
export class DemoWorld implements AsyncDisposable {
  readonly folder: string;
  readonly server: Supysonic;
  readonly api: SupysonicApi;
  /** Songs on the server. */
  readonly songs: number;
  readonly listener: Listener;
  readonly #remove: () => void;
  #host: HostProcess | null = null;

  private constructor(
    folder: string,
    remove: () => void,
    music: { server: Supysonic; api: SupysonicApi; songs: number; listener: Listener },
  ) {
    this.folder = folder;
    this.#remove = remove;
    this.server = music.server;
    this.api = music.api;
    this.songs = music.songs;
    this.listener = music.listener;
  }

  /** Starts the music server; the host comes with `startHost`. Rejects, with everything undone, when `signal` aborts. */
  static async create(signal: AbortSignal): Promise<DemoWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'atoll-demo-'));
    const remove = (): void => rmSync(folder, { recursive: true, force: true });
    process.once('exit', remove);
    // The music and the server's files go there too, so that one removal takes everything away.
    process.env.TMPDIR = folder;
    let server: Supysonic | undefined;
    try {
      const { dir, songs } = await musicLibrary();
      signal.throwIfAborted();
      server = await Supysonic.start({ music: dir, username: 'ada', password: 'lighthouse' });
      signal.throwIfAborted();
      const api = new SupysonicApi(server);
      const listener = await makeListener(api);
      // One file of the library has no tags and is no song of the list.
      return new DemoWorld(folder, remove, { server, api, songs: songs.length + 1, listener });
    } catch (error) {
      await server?.stop();
      remove();
      throw error;
    }
  }

  /** The running host. */
  get host(): HostProcess {
    if (!this.#host) throw new Error('the host was not started');
    return this.#host;
  }

  /** The settings of the host, by file. */
  get settings(): Readonly<Record<'atoll.yaml' | '.env', string>> {
    const { url, username, password } = this.server;
    return {
      'atoll.yaml': `plugins:
  octogen:
    config:
      navidrome:
        url: ${url}
        user: ${username}
      playlists:             # short lists, as this library is small
        size: 15
        discoverySize: 25
      timeOfDay:
        size: 15
`,
      '.env': `NAVIDROME_PASSWORD=${password}\n`,
    };
  }

  /** `atoll start` in the folder, on a free port of the loopback interface. */
  async startHost(): Promise<HostProcess> {
    for (const [name, text] of Object.entries(this.settings)) writeFileSync(join(this.folder, name), text);
    const port = await freePort();
    const token = `atoll_${randomBytes(32).toString('base64url')}`;
    this.#host = new HostProcess({
      port,
      token,
      args: ['start'],
      cwd: this.folder,
      env: { ...this.#env, ATOLL_PORT: String(port), ATOLL_ADMIN_TOKEN: token },
    });
    return this.#host.ready();
  }

  /** Runs `atoll` with `args` in the folder, on the terminal of whoever looks on; resolves to its exit code. */
  async atoll(...args: string[]): Promise<number | null> {
    const child = spawn(process.execPath, [atollProgram, ...args], {
      cwd: this.folder,
      env: this.#env,
      stdio: 'inherit',
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return code;
  }

  /** What `atoll` prints to standard output with `args` in the folder. */
  async output(...args: string[]): Promise<string> {
    const program = [atollProgram, ...args];
    const { stdout } = await promisify(execFile)(process.execPath, program, {
      cwd: this.folder,
      env: this.#env,
    });
    return stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#host?.stop();
    await this.server.stop();
    process.off('exit', this.#remove);
    this.#remove();
  }

  /** The variables that programs need, and none of the user's own settings. */
  get #env(): NodeJS.ProcessEnv {
    const { PATH, HOME, TERM, NO_COLOR, TZ } = process.env;
    return { PATH, HOME, TERM, NO_COLOR, TZ, XDG_CACHE_HOME: join(repository, 'node_modules', '.cache') };
  }
}
