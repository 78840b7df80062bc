import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AtollError } from '@atoll/sdk';
import { findConfig } from '../config/config-file.js';
import { ApiGateway } from './api-gateway.js';
import type { CliIo } from './cli-io.js';
import type { HostGateway } from './host-gateway.js';

/** The options that every command takes. */
export interface GlobalOptions {
  config?: string;
  data?: string;
  url?: string;
  token?: string;
  json?: boolean;
  /** Folders. */
  plugin?: string[];
}

/** What commands share: where the host and its data are, and how to show results. */
export class CliContext {
  readonly io: CliIo;
  readonly #options: GlobalOptions;

  constructor(io: CliIo, options: GlobalOptions) {
    this.io = io;
    this.#options = options;
  }

  get json(): boolean {
    return this.#options.json === true;
  }

  /** What `findConfig`, `loadConfig` and `createHost` need to know of the command line. */
  get location() {
    const { config: file, data: dataDir } = this.#options;
    return {
      cwd: this.io.cwd,
      env: this.io.env,
      ...(file !== undefined && { file }),
      ...(dataDir !== undefined && { dataDir }),
      ...(this.io.plugins && { plugins: this.io.plugins }),
      pluginPaths: (this.#options.plugin ?? []).map((folder) => resolve(this.io.cwd, folder)),
    };
  }

  /** Absolute path. */
  get dataDir(): string {
    return findConfig(this.location).dataDir;
  }

  /** The host that runs, or undefined: the one named by `--url`, else the one on the data folder. */
  async runningHost(): Promise<HostGateway | undefined> {
    const given = this.#options.url ?? this.io.env.ATOLL_URL;
    if (given) {
      const token = this.#options.token ?? this.io.env.ATOLL_TOKEN;
      return new ApiGateway({ url: parseUrl(given), token });
    }
    const socketPath = join(this.dataDir, 'atoll.sock');
    if (!existsSync(socketPath)) return undefined;
    const gateway = new ApiGateway({ socketPath });
    return (await gateway.answers()) ? gateway : undefined;
  }

  /** The host that runs. Throws `unavailable` when there is none. */
  async host(): Promise<HostGateway> {
    const host = await this.runningHost();
    if (host) return host;
    throw new AtollError('unavailable', `no host runs on the data folder ${this.dataDir}`, {
      hint: 'Start one with "atoll start", or name another by --data, or by --url and --token.',
    });
  }

  /** Writes `value` as JSON when `--json` was given, else the text that `render` makes of it. */
  print<T>(value: T, render: (value: T) => string): void {
    const text = this.json ? JSON.stringify(value, null, 2) : render(value);
    if (text !== '') this.io.stdout.write(`${text}\n`);
  }

  /** Tells the user something beside the result. */
  note(text: string): void {
    this.io.stderr.write(`${text}\n`);
  }
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new AtollError('usage', `"${text}" is not the address of a host`, {
    hint: 'Write it as http://host:4700 or https://host/path.',
  });
}
