import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AtollError, type Clock, type Disposer } from '@atoll/sdk';
import { type Authenticator, bearerToken } from '../auth/authenticator.js';
import { Principal } from '../auth/principal.js';
import { beginExchange, Exchange } from './exchange.js';
import type { Exposure } from './exposure.js';
import type { HttpMount } from './http-mount.js';
import { type InjectedResponse, type InjectOptions, injectRequest } from './inject.js';
import { bind, closeServer, type ListenAddress, type Listener } from './listener.js';
import { createServer } from './node-http.js';
import { problem, problemType } from './problem.js';
import { refuse } from './refuse.js';
import { RequestIds } from './request-id.js';
import { requestTarget } from './request-target.js';
import { securityHeaders } from './security-headers.js';

export interface FrontDoorOptions {
  clock: Clock;
  tokens: Authenticator;
  /** Why a plugin without a mount does not serve; null for an unknown one. */
  describe(plugin: string): { state: string; reason: string | null } | null;
  /** The path of the public URL, without a slash at the end. */
  basePath?: string;
  /** Milliseconds of real time. */
  timeouts?: Partial<ConnectionTimeouts>;
}

/** How long a connection may take, in milliseconds. */
interface ConnectionTimeouts {
  /** For all headers of a request. */
  headers: number;
  /** For a whole request, its body included. */
  request: number;
  /** Between two requests. */
  keepAlive: number;
  /** How often the first two are looked at. */
  check: number;
}

const defaultTimeouts: ConnectionTimeouts = {
  headers: 15_000,
  request: 300_000,
  keepAlive: 10_000,
  check: 5_000,
};
const maxHeaderBytes = 16 * 1024;
/** States that pass by themselves, soon. */
const passing = new Set(['discovered', 'starting', 'stopping', 'retrying']);

/** Owns the listeners and hands each request to the mount whose prefix its path carries. */
export class FrontDoor {
  readonly #options: FrontDoorOptions;
  readonly #basePath: string;
  readonly #ids = new RequestIds();
  readonly #plugins = new Map<string, HttpMount>();
  readonly #servers = new Set<Server>();
  readonly #injected = new Map<string, Server>();
  #host: HttpMount | undefined;
  #draining = false;

  constructor(options: FrontDoorOptions) {
    this.#options = options;
    this.#basePath = options.basePath ?? '';
  }

  /** Serves the host's own routes, which are all those outside of plugins. */
  mountHost(mount: HttpMount): Disposer {
    this.#host = mount;
    return () => {
      if (this.#host === mount) this.#host = undefined;
    };
  }

  /** Serves a plugin's routes under `/api/plugins/<id>`. From the disposer's call on it answers 503. */
  mount(plugin: string, mount: HttpMount): Disposer {
    if (this.#plugins.has(plugin)) {
      throw new AtollError('conflict', `The plugin "${plugin}" is mounted already.`, { plugin });
    }
    this.#plugins.set(plugin, mount);
    return () => {
      if (this.#plugins.get(plugin) === mount) this.#plugins.delete(plugin);
    };
  }

  /** The mounts of this moment, for the API document: the host's, then the plugins' by id. */
  mounts(): { plugin: string | null; mount: HttpMount }[] {
    const plugins = [...this.#plugins].sort(([a], [b]) => (a < b ? -1 : 1));
    return [
      ...(this.#host ? [{ plugin: null, mount: this.#host }] : []),
      ...plugins.map(([plugin, mount]) => ({ plugin, mount })),
    ];
  }

  /** Opens a listener. Throws `listen_failed` with the cure. */
  async listen(address: ListenAddress, exposure: Exposure = { kind: 'host' }): Promise<Listener> {
    const server = this.#createServer(exposure);
    const listener = await bind(server, address);
    this.#servers.add(server);
    return {
      ...listener,
      close: async () => {
        this.#servers.delete(server);
        await listener.close();
      },
    };
  }

  /** Makes a request without a port, through the same parser, limits and table as one that a listener takes. */
  inject(options: InjectOptions | string, exposure: Exposure = { kind: 'host' }): Promise<InjectedResponse> {
    const key = JSON.stringify(exposure);
    const server = this.#injected.get(key) ?? this.#createServer(exposure);
    this.#injected.set(key, server);
    return injectRequest(server, typeof options === 'string' ? { url: options } : options);
  }

  /**
   * Stops accepting, lets requests under way end for at most `deadlineMs` of real time, then cuts them off. What
   * comes in meanwhile on open connections is answered 503.
   */
  async close(deadlineMs: number): Promise<void> {
    this.#draining = true;
    const servers = [...this.#servers];
    // A connection kept alive becomes idle when its answer is out, which Node tells nobody.
    const sweep = setInterval(() => servers.forEach((server) => void server.closeIdleConnections()), 25);
    const deadline = setTimeout(
      () => servers.forEach((server) => void server.closeAllConnections()),
      deadlineMs,
    );
    await Promise.all(servers.map(closeServer));
    clearInterval(sweep);
    clearTimeout(deadline);
    this.#servers.clear();
  }

  #createServer(exposure: Exposure): Server {
    const timeouts = { ...defaultTimeouts, ...this.#options.timeouts };
    const trusted = trustedPrincipal(exposure);
    const server = createServer(
      {
        headersTimeout: timeouts.headers,
        requestTimeout: timeouts.request,
        keepAliveTimeout: timeouts.keepAlive,
        connectionsCheckingInterval: timeouts.check,
        maxHeaderSize: maxHeaderBytes,
      },
      (request, response) => this.#answer(exposure, trusted, request, response),
    );
    server.on('clientError', refuseConnection);
    server.on('connect', (_request, socket) => refuseConnection(new Error('CONNECT is not offered'), socket));
    return server;
  }

  #answer(
    exposure: Exposure,
    trusted: Principal | null,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const exchange = new Exchange(
      response,
      this.#ids.next(request),
      this.#options.clock.monotonic(),
      trusted,
    );
    beginExchange(request, exchange);
    if (this.#draining) {
      response.shouldKeepAlive = false;
      refuse(exchange, 503, 'unavailable', 'Atoll is shutting down.', 5);
      return;
    }
    const url = request.url ?? '/';
    if (exposure.kind === 'plugin') {
      this.#toPlugin(exposure.plugin, url, request, exchange);
      return;
    }
    const target = requestTarget(url, this.#basePath);
    if (!target) {
      refuse(exchange, 404, 'not_found', 'There is nothing at this address.');
      return;
    }
    if (exposure.kind === 'metrics' && pathOf(target) !== '/metrics') {
      refuse(exchange, 404, 'not_found', 'This port serves /metrics only.');
      return;
    }
    if (target.kind === 'plugin') {
      this.#toPlugin(target.plugin, target.url, request, exchange);
      return;
    }
    if (!this.#host) {
      refuse(exchange, 503, 'unavailable', 'Atoll is starting.', 2);
      return;
    }
    if (target.url !== url) {
      request.originalUrl = url;
      request.url = target.url;
    }
    this.#host.handle(request, exchange);
  }

  #toPlugin(plugin: string, url: string, request: IncomingMessage, exchange: Exchange): void {
    const mount = this.#plugins.get(plugin);
    if (!mount) {
      this.#refusePlugin(plugin, request, exchange);
      return;
    }
    request.originalUrl = request.url;
    request.url = url;
    mount.handle(request, exchange);
  }

  /** A reason may name addresses, so it is for those only who may read the plugin. */
  #refusePlugin(plugin: string, request: IncomingMessage, exchange: Exchange): void {
    const known = this.#options.describe(plugin);
    if (!known) {
      refuse(exchange, 404, 'not_found', 'There is no such plugin.');
      return;
    }
    const token = bearerToken(request.headers.authorization);
    const principal = exchange.principal ?? (token === undefined ? null : this.#options.tokens.verify(token));
    const reason = known.reason !== null && principal?.allows('read', plugin) ? `: ${known.reason}` : '';
    refuse(
      exchange,
      503,
      'unavailable',
      `The plugin "${plugin}" does not serve now (${known.state})${reason}`,
      passing.has(known.state) ? 2 : 30,
    );
  }
}

/** Who calls through a listener that lets in without a token. */
function trustedPrincipal(exposure: Exposure): Principal | null {
  switch (exposure.kind) {
    case 'owner':
      return new Principal('the socket of the data folder', ['admin'], true);
    case 'metrics':
      return new Principal('the metrics port', ['read']);
    case 'plugin':
      return exposure.auth === 'none'
        ? new Principal(`the port of ${exposure.plugin}`, [`plugin:${exposure.plugin}:admin`])
        : null;
    case 'host':
      return null;
  }
}

function pathOf(target: { kind: 'plugin' | 'host'; url: string }): string | undefined {
  return target.kind === 'host' ? target.url.split('?', 1)[0] : undefined;
}

/** What is no HTTP, too large or too slow is told so, if the connection still takes an answer, and ended. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const detail =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? `The request line and headers are larger than ${maxHeaderBytes} bytes.`
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? 'The request took too long to arrive.'
        : 'This is not a request that Atoll understands.';
  const body = JSON.stringify(problem({ status: 400, code: 'bad_request', detail, requestId: 'none' }));
  const headers = Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(
    `HTTP/1.1 400 Bad Request\r\n${headers.join('')}content-type: ${problemType}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
