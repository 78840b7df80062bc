import type { Clock } from './clock.js';
import type { Disposer } from './disposer.js';
import type { Events } from './events.js';
import type { Health, HealthResult } from './health.js';
import type { Http } from './http.js';
import type { Jobs } from './jobs.js';
import type { Logger } from './logger.js';
import type { Metrics } from './metrics.js';
import type { Resilience } from './resilience.js';
import type { Services } from './services.js';
import type { PluginStorage } from './storage.js';
import { createToken, type PluginContainer } from './token.js';

/** The answer to "does this config work": one line per thing tried. */
export interface ConnectionResult extends HealthResult {
  name: string;
  hint?: string;
}

/** Everything a plugin gets from the host. Each member is also a token of `container`. */
export interface PluginContext<Config = unknown> {
  readonly id: string;
  readonly config: Readonly<Config>;
  readonly logger: Logger;
  readonly container: PluginContainer;
  readonly http: Http;
  readonly jobs: Jobs;
  readonly storage: PluginStorage;
  readonly resilience: Resilience;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly events: Events;
  readonly services: Services;
  readonly clock: Clock;
  /** IANA name of the host's time zone. */
  readonly timezone: string;
  /** Aborts when the plugin stops. */
  readonly signal: AbortSignal;
  /** Registers "test the connection", used by `atoll check --connect` and the API's `check`. */
  check(test: (signal: AbortSignal) => Promise<ConnectionResult[]>): Disposer;
  /** Registers anything to undo when the plugin stops; the last registered is undone first. */
  effect(dispose: Disposer, label?: string): Disposer;
  /** Runs `fn`, logs its duration and outcome at debug, and feeds `atoll_<plugin>_operation_duration_seconds{op,outcome}`. */
  timed<T>(operation: string, fn: () => Promise<T> | T): Promise<T>;
}

export const CONFIG = createToken<unknown>('config');
export const LOGGER = createToken<Logger>('logger');
export const HTTP = createToken<Http>('http');
export const JOBS = createToken<Jobs>('jobs');
export const STORAGE = createToken<PluginStorage>('storage');
export const RESILIENCE = createToken<Resilience>('resilience');
export const METRICS = createToken<Metrics>('metrics');
export const HEALTH = createToken<Health>('health');
export const EVENTS = createToken<Events>('events');
export const SERVICES = createToken<Services>('services');
export const CLOCK = createToken<Clock>('clock');
export const TIMEZONE = createToken<string>('timezone');
export const SIGNAL = createToken<AbortSignal>('signal');
export const CONTEXT = createToken<PluginContext>('context');
