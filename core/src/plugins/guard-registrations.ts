import { AtollError } from '@atoll/sdk';
import type { ContextParts } from './plugin-context.js';

/**
 * The parts of a context, refusing to register anything once the plugin's signal has aborted: what came then would
 * be undone by nobody, and would stand in the way of the plugin's next life.
 */
export function guardRegistrations(parts: ContextParts): ContextParts {
  const { id, signal, http, jobs, metrics, health, events, services, resilience } = parts;
  const live = <T>(part: T): T => {
    refuseAfterStop(id, signal);
    return part;
  };
  return {
    ...parts,
    http: {
      routes: (declare, options) => live(http).routes(declare, options),
      schema: (name, schema) => live(http).schema(name, schema),
    },
    jobs: {
      define: (spec) => live(jobs).define(spec),
      run: (name, input) => jobs.run(name, input),
      next: (name, count) => jobs.next(name, count),
    },
    metrics: {
      counter: (options) => live(metrics).counter(options),
      gauge: (options) => live(metrics).gauge(options),
      histogram: (options) => live(metrics).histogram(options),
    },
    health: { check: (name, check, options) => live(health).check(name, check, options) },
    events: {
      emit: (type, payload) => events.emit(type, payload),
      on: (type, listener) => live(events).on(type, listener),
    },
    services: {
      provide: (token, service) => live(services).provide(token, service),
      use: (token) => services.use(token),
    },
    resilience: {
      policy: (name, options) => live(resilience).policy(name, options),
      client: (name, options) => live(resilience).client(name, options),
      budget: (name, options) => live(resilience).budget(name, options),
    },
  };
}

/** Throws `conflict` when the plugin has stopped. */
export function refuseAfterStop(plugin: string, signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new AtollError('conflict', `${plugin} has stopped and can register nothing more`, {
    plugin,
    hint: 'Register in setup, and end timers and loops when ctx.signal aborts.',
  });
}
