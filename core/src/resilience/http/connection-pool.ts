import { AtollError } from '@atoll/sdk';
import type { Dispatcher, Pool } from 'undici';
import type { OutgoingRequest } from './outgoing-request.js';

/** Real time, as undici's own timer measures it: a hung connection attempt must not be the one the next call waits for. */
const connectTimeoutMs = 10_000;

/** The keep-alive connections of one client to its one origin. */
export class ConnectionPool {
  readonly #origin: string;
  readonly #connections: number;
  #pool: Promise<Pool> | undefined;
  #closed = false;

  constructor(origin: string, connections: number) {
    this.#origin = origin;
    this.#connections = connections;
  }

  /** Sends a request; resolves with its headers, the body still to be read. */
  async send(request: OutgoingRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    if (this.#closed) throw new AtollError('cancelled', 'the client was closed');
    this.#pool ??= this.#open();
    const pool = await this.#pool;
    signal.throwIfAborted();
    return pool.request({
      method: request.method,
      path: request.url.pathname + request.url.search,
      headers: request.headers,
      body: request.body ?? null,
      signal,
    });
  }

  /** Closes all connections at once. */
  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#pool)?.destroy();
  }

  async #open(): Promise<Pool> {
    // Loading undici takes as long as a good part of the host's start, and many a plugin never calls out.
    const undici = await import('undici');
    return new undici.Pool(this.#origin, {
      connections: this.#connections,
      // An aborted call then takes no other one's connection with it.
      pipelining: 1,
      allowH2: false,
      // The policy's timeout covers headers and body, on the host's clock.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: connectTimeoutMs },
    });
  }
}
