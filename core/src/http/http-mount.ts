import type { IncomingMessage } from 'node:http';
import {
  AtollError,
  type Clock,
  type Disposer,
  type Http,
  type RouteAuth,
  type RoutesApp,
  z,
} from '@atoll/sdk';
import {
  type AppOptions,
  buildApp,
  type DeclaredRoute,
  type RouteGroup,
  RouteGroupError,
} from './build-app.js';
import type { Exchange } from './exchange.js';
import type { HttpMetrics } from './http-metrics.js';
import { MountGeneration } from './mount-generation.js';

export interface HttpMountOptions extends Omit<AppOptions, 'bodyLimit' | 'trustedProxies'> {
  clock: Clock;
  metrics: HttpMetrics;
  /** Default 1 MiB; a route may set its own. */
  bodyLimit?: number;
  trustedProxies?: readonly string[];
}

const componentName = /^[A-Za-z][\w.-]*$/;

/**
 * The routes of one plugin, or of the host, in a Fastify instance of their own. Fastify takes no routes once it is
 * ready and gives none back, so when groups come or go at run time a new instance is built with the groups of
 * that moment; requests that arrive meanwhile wait for it, those under way end on the old one.
 */
export class HttpMount implements Http {
  readonly name: string;
  /** Names of schemas for the OpenAPI document. */
  readonly schemas = z.registry<{ id: string }>();
  readonly #options: HttpMountOptions;
  readonly #untrack: Disposer;
  readonly #groups = new Set<RouteGroup>();
  readonly #componentNames = new Map<string, z.ZodType>();
  readonly #whenIdle = new Set<() => void>();
  #generation: MountGeneration | undefined;
  #building: Promise<void> | undefined;
  #stale = false;
  #closed = false;
  #inFlight = 0;
  #revision = 0;

  constructor(options: HttpMountOptions) {
    this.name = options.name;
    this.#options = options;
    this.#untrack = options.metrics.track(options.plugin ?? '', () => this.#inFlight);
  }

  routes(declare: (app: RoutesApp) => void | Promise<void>, options: { auth?: RouteAuth } = {}): Disposer {
    const group: RouteGroup = { declare, auth: options.auth };
    this.#groups.add(group);
    this.#change();
    return () => {
      if (this.#groups.delete(group)) this.#change();
    };
  }

  schema<S extends z.ZodType>(name: string, schema: S): S {
    const known = this.#componentNames.get(name);
    if (known === schema) return schema;
    if (known) {
      throw new AtollError('conflict', `${this.name}: the schema name "${name}" is taken by another schema.`);
    }
    if (!componentName.test(name)) {
      throw new AtollError('bad_request', `${this.name}: "${name}" cannot name a schema.`, {
        hint: 'Use letters, digits, ".", "_" and "-", starting with a letter.',
      });
    }
    this.#componentNames.set(name, schema);
    this.schemas.add(schema, { id: `${this.name}.${name}` });
    this.#revision += 1;
    return schema;
  }

  /** Builds the instance; throws what a `declare` threw. To be called once, before the first request. */
  async ready(): Promise<void> {
    try {
      await this.#build();
    } catch (error) {
      throw error instanceof RouteGroupError ? error.cause : error;
    }
  }

  /** Resolves when the groups of this moment are served. */
  async settled(): Promise<void> {
    await this.#building;
  }

  /** Answers a request whose URL has lost the mount's prefix. */
  handle(request: IncomingMessage, exchange: Exchange): void {
    this.#inFlight += 1;
    exchange.onEnd = this.#ended;
    if (this.#building) void this.#building.then(() => this.#route(request, exchange));
    else this.#route(request, exchange);
  }

  /** Requests without a complete answer. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Changes with the routes; whoever keeps something made from them compares it. */
  get revision(): number {
    return this.#revision;
  }

  /** What is served, in order of declaration. */
  declared(): readonly DeclaredRoute[] {
    return this.#generation?.routes ?? [];
  }

  /** `GET /path`, below the prefix, sorted by path. */
  routeList(): string[] {
    return this.declared()
      .toSorted((a, b) => (a.path < b.path ? -1 : 1))
      .map(({ method, path }) => `${method} ${path}`);
  }

  /** Waits until no request is under way, at most `deadlineMs` of real time; returns how many were left. */
  async drain(deadlineMs: number): Promise<number> {
    if (this.#inFlight === 0) return 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, deadlineMs);
    this.#whenIdle.add(resolve);
    await promise;
    clearTimeout(timer);
    this.#whenIdle.delete(resolve);
    return this.#inFlight;
  }

  /** Cuts off what is still under way and closes the instance. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#building;
    await this.#generation?.close();
    await this.#untrack();
  }

  #route(request: IncomingMessage, exchange: Exchange): void {
    if (!exchange.ended) this.#generation!.route(request, exchange);
  }

  readonly #ended = (exchange: Exchange): void => {
    this.#inFlight -= 1;
    const durationMs = this.#options.clock.monotonic() - exchange.startedAt;
    const { method, route, status, requestId } = exchange;
    const { metrics, logger, plugin } = this.#options;
    metrics.observe(plugin ?? '', method, route, status, durationMs);
    logger.debug({ method, route, status, requestId, duration: durationMs }, 'request');
    if (this.#inFlight === 0) for (const resolve of this.#whenIdle) resolve();
  };

  #change(): void {
    this.#stale = true;
    if (this.#generation && !this.#closed) this.#building ??= this.#rebuild();
  }

  async #build(): Promise<void> {
    do {
      this.#stale = false;
      const { bodyLimit = 1024 * 1024, trustedProxies = [], ...options } = this.#options;
      const built = await buildApp({ ...options, bodyLimit, trustedProxies }, [...this.#groups]);
      const before = this.#generation;
      this.#generation = new MountGeneration(built, this.#ended);
      this.#revision += 1;
      await before?.retire();
    } while (this.#stale);
  }

  /** A group that fails now does not take the others with it: it is left out, and the log says so. */
  async #rebuild(): Promise<void> {
    for (;;) {
      try {
        await this.#build();
        break;
      } catch (error) {
        if (!(error instanceof RouteGroupError)) {
          this.#options.logger.error({ err: error }, `${this.name}: the routes could not be changed`);
          break;
        }
        this.#groups.delete(error.group);
        this.#options.logger.error({ err: error.cause }, `${this.name}: a group of routes is left out`);
      }
    }
    this.#building = undefined;
  }
}
