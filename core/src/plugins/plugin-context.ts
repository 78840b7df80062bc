import {
  CLOCK,
  CONFIG,
  CONTEXT,
  type ConnectionResult,
  EVENTS,
  HEALTH,
  HTTP,
  JOBS,
  LOGGER,
  METRICS,
  type PluginContext,
  type PluginStorage,
  RESILIENCE,
  SERVICES,
  SIGNAL,
  STORAGE,
  TIMEZONE,
  type Token,
} from '@atoll/sdk';
import { createPluginContainer } from '../di/plugin-container.js';
import type { EffectStack } from './effect-stack.js';
import { guardRegistrations, refuseAfterStop } from './guard-registrations.js';
import { createTimed } from './timed.js';

/** How a plugin tests its connections. */
export type ConnectionTest = (signal: AbortSignal) => Promise<ConnectionResult[]>;

/** The parts a context is made of, besides what it makes itself. */
export type ContextParts = Omit<PluginContext, 'container' | 'check' | 'effect' | 'timed'>;

/**
 * Joins a plugin's services to the context that its `setup` receives, and to the container that holds the same
 * instances. `swapped` replaces single members.
 */
export function createPluginContext(
  given: ContextParts,
  effects: EffectStack,
  connectionTests: Set<ConnectionTest>,
  swapped: ReadonlyMap<symbol, unknown>,
): PluginContext {
  const parts = guardRegistrations(given);
  const pick = <T>(token: Token<T>, own: T): T => (swapped.has(token) ? (swapped.get(token) as T) : own);
  const members = {
    config: pick(CONFIG, parts.config) as Readonly<unknown>,
    logger: pick(LOGGER, parts.logger),
    http: pick(HTTP, parts.http),
    jobs: pick(JOBS, parts.jobs),
    storage: pick<PluginStorage>(STORAGE, parts.storage),
    resilience: pick(RESILIENCE, parts.resilience),
    metrics: pick(METRICS, parts.metrics),
    health: pick(HEALTH, parts.health),
    events: pick(EVENTS, parts.events),
    services: pick(SERVICES, parts.services),
    clock: pick(CLOCK, parts.clock),
    timezone: pick(TIMEZONE, parts.timezone),
    signal: pick(SIGNAL, parts.signal),
  };
  const container = createPluginContainer(parts.id, [
    [CONFIG, members.config],
    [LOGGER, members.logger],
    [HTTP, members.http],
    [JOBS, members.jobs],
    [STORAGE, members.storage],
    [RESILIENCE, members.resilience],
    [METRICS, members.metrics],
    [HEALTH, members.health],
    [EVENTS, members.events],
    [SERVICES, members.services],
    [CLOCK, members.clock],
    [TIMEZONE, members.timezone],
    [SIGNAL, members.signal],
  ]);
  const context: PluginContext = Object.freeze({
    id: parts.id,
    ...members,
    container,
    check(test: ConnectionTest) {
      refuseAfterStop(parts.id, parts.signal);
      connectionTests.add(test);
      return effects.add('connection test', () => void connectionTests.delete(test));
    },
    effect(dispose, label = 'effect') {
      refuseAfterStop(parts.id, parts.signal);
      return effects.add(label, dispose);
    },
    timed: createTimed(parts.id, members),
  } satisfies PluginContext);
  container.registerInstance(CONTEXT, context);
  return context;
}
