import type {
  Clock,
  Disposer,
  Events,
  Health,
  Http,
  Jobs,
  Logger,
  Metrics,
  Migrations,
  PluginStorage,
  Resilience,
} from '@atoll/sdk';
import type { ExecutionScope } from '../scope/execution-scope.js';
import type { ServiceRegistry } from './service-registry.js';

/** A part of the host opened for one plugin: `dispose` undoes all that the plugin registered with it. */
export interface Owned {
  dispose(): void | Promise<void>;
}

/** A plugin's routes, before and while they are served. */
export interface PluginRoutes extends Owned {
  readonly http: Http;
  /** Starts to answer; the disposer stops that, waiting for requests under way. */
  mount(): Promise<Disposer>;
  routeList(): string[];
}

/** A plugin's jobs; none runs before `arm`. */
export interface OwnedJobs extends Jobs, Owned {
  arm(): Promise<void>;
  /** Stops firing and ends the runs under way. */
  disarm(): Promise<void>;
  names(): string[];
}

/** What the host gives to plugins, one method a service. */
export interface PluginServices {
  readonly clock: Clock;
  readonly timezone: string;
  readonly services: ServiceRegistry;
  /** Replacements for members of the context, by token; tests use it. */
  readonly swapped: ReadonlyMap<symbol, unknown>;
  enter<T>(scope: ExecutionScope, fn: () => T): T;
  logger(plugin: string): Logger;
  storage(
    plugin: string,
    migrations: Migrations,
  ): Promise<PluginStorage & { close(): Promise<void>; tables(): Promise<string[]> }>;
  metrics(plugin: string): Metrics & Owned & { names(): string[] };
  health(plugin: string): Health & Owned & { names(): string[] };
  events(plugin: string): Events & Owned & { subscriptions(): string[] };
  resilience(
    plugin: string,
    options: { logger: Logger; signal: AbortSignal; kv: PluginStorage['kv'] },
  ): Resilience & Owned & { policies(): string[]; outbound(): string[] };
  jobs(plugin: string, options: { logger: Logger; signal: AbortSignal }): OwnedJobs;
  routes(plugin: string, options: { logger: Logger }): PluginRoutes;
}
