import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiscoveredPlugin } from '../plugins/discovered-plugin.js';
import type { CliIo, EndSignal } from './cli-io.js';
import { main } from './main.js';
import { radioPlugin } from './radio-plugin.fixture.js';

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** A folder to run commands in, whose data folder is `data` in it, and what they print. */
export class CliWorld implements AsyncDisposable {
  readonly cwd = mkdtempSync(join(tmpdir(), 'atoll-cli-'));
  readonly dataDir = join(this.cwd, 'data');
  readonly aborted: number[] = [];
  readonly slept: number[] = [];
  env: Record<string, string> = {};
  /** Undefined to look for plugins as outside of tests. */
  plugins: readonly DiscoveredPlugin[] | undefined = [radioPlugin()];
  /** Called at each `sleep` of a command. */
  onSleep: () => void | Promise<void> = () => undefined;
  /** Called with everything printed so far. */
  onPrint: (stdout: string) => void = () => undefined;
  readonly #signalListeners = new Set<(signal: EndSignal) => void>();
  readonly #servers: Server[] = [];

  async run(...args: string[]): Promise<CliResult> {
    const result = { code: -1, stdout: '', stderr: '' };
    const io: CliIo = {
      stdout: {
        write: (text) => {
          result.stdout += text;
          this.onPrint(result.stdout);
        },
      },
      stderr: {
        write: (text) => {
          result.stderr += text;
        },
      },
      env: this.env,
      cwd: this.cwd,
      plugins: this.plugins,
      sleep: async (ms) => {
        this.slept.push(ms);
        // The host in this process needs its turn.
        await new Promise((resolve) => setImmediate(resolve));
        await this.onSleep();
      },
      onUncaught: () => () => undefined,
      onSignal: (listener) => {
        this.#signalListeners.add(listener);
        return () => void this.#signalListeners.delete(listener);
      },
      abort: (code) => void this.aborted.push(code),
    };
    result.code = await main(args, io);
    return result;
  }

  signal(signal: EndSignal): void {
    for (const listener of this.#signalListeners) listener(signal);
  }

  get listensForSignals(): boolean {
    return this.#signalListeners.size > 0;
  }

  /** A host on the data folder's socket, or on a port, that answers what `answer` says. */
  async fakeHost(answer: FakeAnswer, where: 'socket' | 'port' = 'socket'): Promise<FakeHost> {
    const requests: FakeRequest[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const received: FakeRequest = {
        method: request.method ?? '',
        path: request.url ?? '',
        authorization: request.headers.authorization,
        body: body === '' ? undefined : JSON.parse(body),
      };
      requests.push(received);
      const { status = 200, json, text } = answer(received) ?? { status: 404, json: notFound };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(text ?? (json === undefined ? '' : JSON.stringify(json)));
    });
    this.#servers.push(server);
    mkdirSync(this.dataDir, { recursive: true });
    await new Promise<void>((resolve) => {
      if (where === 'socket') server.listen(join(this.dataDir, 'atoll.sock'), resolve);
      else server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return { requests, url: `http://127.0.0.1:${port}` };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    rmSync(this.cwd, { recursive: true, force: true });
  }
}

interface FakeRequest {
  method: string;
  path: string;
  authorization: string | undefined;
  body: unknown;
}

export type FakeAnswer = (
  request: FakeRequest,
) => { status?: number; json?: unknown; text?: string } | undefined;

export interface FakeHost {
  /** Everything it was asked, the question whether it lives included. */
  requests: FakeRequest[];
  url: string;
}

const notFound = { detail: 'There is nothing at this address.', code: 'not_found', errors: [] };
