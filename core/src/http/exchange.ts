import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../auth/principal.js';

const key = Symbol('atoll:exchange');

declare module 'node:http' {
  interface IncomingMessage {
    [key]?: Exchange;
    /** The target before the mount's prefix was cut off; Fastify's `request.originalUrl` reads it. */
    originalUrl?: string;
  }
}

/** One request and its answer, as the front door sees them; it travels on the raw request. */
export class Exchange {
  readonly response: ServerResponse;
  readonly method: string;
  readonly requestId: string;
  /** `Clock.monotonic()` at arrival. */
  readonly startedAt: number;
  /** Set where the listener already says who calls; otherwise the kernel reads the token. */
  principal: Principal | null;
  /** The pattern of the route that answers, never the raw path. */
  route = 'unmatched';
  /** Called once when the answer is out or the connection is gone. */
  onEnd: ((exchange: Exchange) => void) | null = null;
  #ended = false;

  constructor(response: ServerResponse, requestId: string, startedAt: number, principal: Principal | null) {
    this.method = response.req.method ?? 'GET';
    this.response = response;
    this.requestId = requestId;
    this.startedAt = startedAt;
    this.principal = principal;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.onEnd?.(this);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The status for metrics: 499, as proxies write it, when the client left before an answer began. */
  get status(): number {
    return this.response.headersSent ? this.response.statusCode : 499;
  }
}

/** The exchange of a raw request that came through the front door. */
export function exchangeOf(request: IncomingMessage): Exchange {
  return request[key]!;
}

/** Ties an exchange to its request and ends it with the answer or the connection. */
export function beginExchange(request: IncomingMessage, exchange: Exchange): void {
  request[key] = exchange;
  exchange.response.on('close', endOnClose);
  // A pipelined request waits for its turn without a socket, and would not hear of the connection's end.
  if (exchange.response.socket === null) request.socket.once('close', () => exchange.end());
}

function endOnClose(this: ServerResponse): void {
  this.req[key]!.end();
}
