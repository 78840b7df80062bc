import type { Disposer, Logger } from '@atoll/sdk';
import { HttpMount } from '../http/http-mount.js';
import type { PluginRoutes, PluginServices } from '../plugins/plugin-services.js';
import { enterScope } from '../scope/execution-scope.js';
import type { HostParts } from './host-parts.js';

/** How long a plugin's requests under way may take when it stops, in milliseconds. */
const drainMs = 10_000;

/** The host as its plugins see it. */
export function openPluginServices(parts: HostParts): PluginServices {
  const { options, clock, catalog, logging, storage, metrics, health, events, resilience, jobs } = parts;
  return {
    clock,
    get timezone() {
      return catalog.config.host.timezone;
    },
    services: parts.services,
    swapped: options.swapped ?? new Map(),
    enter: enterScope,
    logger: (plugin) => logging.forPlugin(plugin),
    storage: (plugin, migrations) => storage.plugin(plugin, migrations),
    metrics: (plugin) => metrics.forPlugin(plugin),
    health: (plugin) => health.forPlugin(plugin),
    events: (plugin) => events.forPlugin(plugin),
    resilience: (plugin, options) =>
      resilience.forPlugin(plugin, { ...options, circuit: catalog.config.host.circuit }),
    jobs: (plugin, own) =>
      jobs.forPlugin(plugin, {
        ...own,
        schedules: catalog.schedules(plugin),
        fires: options.schedules ?? true,
      }),
    routes: (plugin, { logger }) => openRoutes(parts, plugin, logger),
  };
}

function openRoutes(
  { clock, tokens, frontDoor, httpMetrics, catalog, logging }: HostParts,
  plugin: string,
  logger: Logger,
): PluginRoutes {
  const mount = new HttpMount({
    name: plugin,
    plugin,
    clock,
    tokens,
    logger,
    redact: logging.redact,
    enter: enterScope,
    metrics: httpMetrics,
    trustedProxies: catalog.config.host.http.trustedProxies,
  });
  return {
    http: mount,
    async mount(): Promise<Disposer> {
      await mount.ready();
      const unmount = frontDoor.mount(plugin, mount);
      return async () => {
        await unmount();
        const left = await mount.drain(drainMs);
        if (left > 0)
          logger.warn({ requests: left }, `${left} requests had no answer when the plugin stopped`);
      };
    },
    routeList: () => mount.routeList(),
    dispose: () => mount.close(),
  };
}
