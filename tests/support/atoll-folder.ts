import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ChildProgram } from './child-program.ts';
import { freePort } from './free-port.ts';
import { HostProcess } from './host-process.ts';
import { atollProgram, repository } from './repository.ts';

export interface StartOptions {
  /** Variables besides the few that every program needs; none of the tests' own are seen. */
  env?: Readonly<Record<string, string>>;
  /** Folders of plugins, besides the shipped ones. */
  plugins?: readonly string[];
  /** Further arguments of `atoll start`. */
  args?: readonly string[];
  /** Default: `data` in the folder. */
  dataDir?: string;
  /** Default: a free one. */
  port?: number;
  /** False lets the host make and print a token of its own. Default true. */
  adminToken?: boolean;
}

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * A fresh folder to run the built host and its commands in, as a user would who has just changed into it. Everything
 * started here has ended, and the folder is gone, when it is disposed of.
 */
export class AtollFolder implements AsyncDisposable {
  readonly path = mkdtempSync(join(tmpdir(), 'atoll-e2e-'));
  readonly dataDir = join(this.path, 'data');
  /** The admin token that every host of this folder takes. */
  readonly token = `atoll_${randomBytes(32).toString('base64url')}`;
  readonly #programs: AsyncDisposable[] = [];

  /** Writes a file, whose path is relative to the folder; returns its absolute path. */
  write(file: string, content: string): string {
    const path = resolve(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** Writes a plugin of one JavaScript file; returns its folder. */
  writePlugin(id: string, source: string): string {
    this.write(
      join('plugins', id, 'package.json'),
      JSON.stringify({
        name: `atoll-plugin-${id}`,
        version: '1.0.0',
        type: 'module',
        atoll: { apiVersion: 1, entry: './index.js' },
      }),
    );
    return dirname(this.write(join('plugins', id, 'index.js'), source));
  }

  /** Starts a host and waits until it is ready. */
  async start(options: StartOptions = {}): Promise<HostProcess> {
    return (await this.launch(options)).ready();
  }

  /** Starts a host and does not wait for anything. */
  async launch(options: StartOptions = {}): Promise<HostProcess> {
    const port = options.port ?? (await freePort());
    const plugins = (options.plugins ?? []).flatMap((folder) => ['--plugin', folder]);
    const host = new HostProcess({
      port,
      token: this.token,
      args: ['start', ...plugins, ...(options.args ?? [])],
      cwd: this.path,
      env: environment({
        ATOLL_PORT: String(port),
        ...(options.dataDir !== undefined && { ATOLL_DATA_DIR: options.dataDir }),
        ...(options.adminToken !== false && { ATOLL_ADMIN_TOKEN: this.token }),
        ...options.env,
      }),
    });
    this.#programs.push(host);
    return host;
  }

  /** Runs one command of `atoll` to its end. */
  cli(...args: string[]): Promise<CliResult> {
    return this.cliWith({}, ...args);
  }

  async cliWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<CliResult> {
    const program = new ChildProgram(process.execPath, [atollProgram, ...args], {
      cwd: this.path,
      env: environment(env),
    });
    this.#programs.push(program);
    const { code } = await program.ended;
    return { code, stdout: program.stdout.join('\n'), stderr: program.stderr.join('\n') };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#programs.reverse()) await program[Symbol.asyncDispose]();
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The variables of a program: `given`, and the few without which none runs. */
function environment(given: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    // Where compiled code is kept between starts; not the cache of whoever runs the tests.
    XDG_CACHE_HOME: join(repository, 'node_modules', '.cache'),
    ...given,
  };
}
