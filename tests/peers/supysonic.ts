import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export interface SupysonicOptions {
  /** Folder of music; scanned before the server starts. */
  music: string;
  username?: string;
  password?: string;
  /** Also runs the daemon that answers startScan and getScanStatus. */
  daemon?: boolean;
}

const START_MS = 20_000;

/** Programs it needs, for `skipWithout`. */
export const supysonicPrograms = ['supysonic-server', 'gunicorn'];

/** A real supysonic in a folder of its own, on a spare port of the loopback interface. */
export class Supysonic implements AsyncDisposable {
  readonly username: string;
  readonly password: string;
  readonly #folder: string;
  #port = 0;
  #server: ChildProcess | null = null;
  #daemon: ChildProcess | null = null;

  private constructor(folder: string, { username = 'alice', password = 'Secr3t! ä' }: SupysonicOptions) {
    this.#folder = folder;
    this.username = username;
    this.password = password;
  }

  static async start(options: SupysonicOptions): Promise<Supysonic> {
    const folder = await mkdtemp(join(tmpdir(), 'atoll-supysonic-'));
    const supysonic = new Supysonic(folder, options);
    try {
      await supysonic.#configure();
      await supysonic.addUser(supysonic.username, supysonic.password);
      await supysonic.#cli('user', 'setroles', '--admin', supysonic.username);
      await supysonic.#cli('folder', 'add', 'Music', options.music);
      await supysonic.scan();
      if (options.daemon) supysonic.#daemon = supysonic.#spawn('supysonic-daemon', []);
      await supysonic.run();
      return supysonic;
    } catch (error) {
      await supysonic.stop();
      throw error;
    }
  }

  /** The base URL, without `/rest`. It stays the same when the server is started again. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Reads the music folder again. */
  async scan(): Promise<void> {
    await this.#cli('folder', 'scan', '--foreground', 'Music');
  }

  /** Adds a user without rights of administration. */
  async addUser(username: string, password: string): Promise<void> {
    await this.#cli('user', 'add', username, '-p', password);
  }

  /** Starts the server; also after `kill`. */
  async run(): Promise<void> {
    const server = this.#spawn('gunicorn', [
      ...['--bind', `127.0.0.1:${this.#port}`, '--threads', '4', '--graceful-timeout', '1'],
      'supysonic.web:create_application()',
    ]);
    this.#server = server;
    this.#port = await listeningPort(server);
  }

  /** Ends the server as a crash does: at once, whatever it is doing. */
  async kill(): Promise<void> {
    await end(this.#server, 'SIGKILL');
    this.#server = null;
  }

  /** Ends everything and removes the folder. */
  async stop(): Promise<void> {
    await Promise.all([end(this.#server, 'SIGTERM'), end(this.#daemon, 'SIGTERM')]);
    this.#server = null;
    this.#daemon = null;
    await rm(this.#folder, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #configure(): Promise<void> {
    const path = (name: string): string => join(this.#folder, name);
    const lines = [
      '[base]',
      `database_uri = sqlite:///${path('supysonic.db')}`,
      '[webapp]',
      `cache_dir = ${path('cache')}`,
      'log_file =',
      '[daemon]',
      `socket = ${path('daemon.sock')}`,
      'run_watcher = no',
    ];
    // supysonic reads the one of its working directory last, so it wins over those of the machine.
    await writeFile(path('supysonic.conf'), `${lines.join('\n')}\n`);
  }

  async #cli(...args: string[]): Promise<void> {
    await promisify(execFile)('supysonic-cli', args, this.#surroundings());
  }

  #spawn(program: string, args: string[]): ChildProcess {
    // A process group of its own: gunicorn's worker ends with it.
    const child = spawn(program, args, {
      ...this.#surroundings(),
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const killWithUs = (): void => void (child.pid && process.kill(-child.pid, 'SIGKILL'));
    process.once('exit', killWithUs);
    child.once('exit', () => process.off('exit', killWithUs));
    return child;
  }

  #surroundings(): { cwd: string; env: NodeJS.ProcessEnv } {
    return { cwd: this.#folder, env: { ...process.env, PYTHONWARNINGS: 'ignore', HOME: this.#folder } };
  }
}

/** The port that gunicorn says it listens on; what it says after that is read away. */
async function listeningPort(server: ChildProcess): Promise<number> {
  const said: string[] = [];
  const lines = createInterface({ input: server.stderr as NonNullable<ChildProcess['stderr']> });
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`supysonic ${why}:\n${said.slice(-20).join('\n')}`));
    const timer = setTimeout(() => fail(`did not listen within ${START_MS} ms`), START_MS);
    lines.on('line', (line) => {
      said.push(line);
      const port = /Listening at: http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
    server.once('error', (error) => fail(`could not be started (${error.message})`));
    server.once('exit', (code) => fail(`ended with ${code}`));
  });
}

/** Ends a process and all it started, and waits until it is gone. */
async function end(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const group = -child.pid;
  process.kill(group, signal);
  const timer = setTimeout(() => process.kill(group, 'SIGKILL'), 5000);
  await gone;
  clearTimeout(timer);
}
