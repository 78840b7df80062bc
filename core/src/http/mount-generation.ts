import type { IncomingMessage } from 'node:http';
import type { RoutesApp } from '@atoll/sdk';
import type { BuiltApp, DeclaredRoute } from './build-app.js';
import type { Exchange } from './exchange.js';

/** One built instance of a mount and the requests it is answering. */
export class MountGeneration {
  readonly routes: readonly DeclaredRoute[];
  readonly #app: RoutesApp;
  readonly #exchanges = new Set<Exchange>();
  readonly #onEnd: (exchange: Exchange) => void;
  #retired = false;

  constructor({ app, routes }: BuiltApp, onEnd: (exchange: Exchange) => void) {
    this.#app = app;
    this.routes = routes;
    this.#onEnd = onEnd;
  }

  route(request: IncomingMessage, exchange: Exchange): void {
    this.#exchanges.add(exchange);
    exchange.onEnd = this.#ended;
    this.#app.routing(request, exchange.response);
  }

  /** Closes the instance when its last request has ended; Fastify's own `close` would not wait for them. */
  async retire(): Promise<void> {
    this.#retired = true;
    if (this.#exchanges.size === 0) await this.#app.close();
  }

  /** Cuts off the requests under way and closes the instance. */
  async close(): Promise<void> {
    this.#retired = true;
    for (const { response } of this.#exchanges) response.destroy();
    await this.#app.close();
  }

  readonly #ended = (exchange: Exchange): void => {
    this.#exchanges.delete(exchange);
    this.#onEnd(exchange);
    if (this.#retired && this.#exchanges.size === 0) void this.#app.close();
  };
}
