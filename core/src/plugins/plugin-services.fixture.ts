import type { Logger, Metrics, PluginDefinition } from '@atoll/sdk';
import { manifestSchema } from '@atoll/sdk';
import type { FakeClock } from '../clock/fake-clock.js';
import { enterScope } from '../scope/execution-scope.js';
import type { DiscoveredPlugin } from './discovered-plugin.js';
import type { PluginServices } from './plugin-services.js';
import { ServiceRegistry } from './service-registry.js';

/** Services that do nothing but write down, in `journal`, when they are opened and closed. */
export function recordingServices(clock: FakeClock, journal: string[] = []): PluginServices {
  const none = (): Promise<never> => Promise.reject(new Error('not in this fixture'));
  const owned = (what: string, plugin: string) => ({
    names: () => [],
    subscriptions: () => [],
    policies: () => [],
    outbound: () => [],
    dispose: () => void journal.push(`${plugin}: ${what} closed`),
  });
  const nothing = () => () => {};
  return {
    clock,
    timezone: 'UTC',
    services: new ServiceRegistry(),
    swapped: new Map(),
    enter: enterScope,
    logger: () => silentLogger,
    storage: async (plugin) => ({
      db: () => {
        throw new Error('not in this fixture');
      },
      kv: { get: none, set: none, delete: none, keys: none, update: none },
      tables: async () => [],
      close: async () => void journal.push(`${plugin}: storage closed`),
    }),
    metrics: (plugin) => ({ ...silentMetrics, ...owned('metrics', plugin) }),
    health: (plugin) => ({ check: nothing, ...owned('health', plugin) }),
    events: (plugin) => ({ emit() {}, on: nothing, ...owned('events', plugin) }),
    resilience: (plugin) => ({
      policy: () => {
        throw new Error('not in this fixture');
      },
      client: () => {
        throw new Error('not in this fixture');
      },
      budget: () => {
        throw new Error('not in this fixture');
      },
      ...owned('resilience', plugin),
    }),
    jobs: (plugin) => ({
      define: nothing,
      run: none,
      next: () => [],
      arm: async () => void journal.push(`${plugin}: armed`),
      disarm: async () => void journal.push(`${plugin}: disarmed`),
      ...owned('jobs', plugin),
    }),
    routes: (plugin) => ({
      http: { routes: nothing, schema: (_name, schema) => schema },
      routeList: () => [],
      mount: async () => {
        journal.push(`${plugin}: mounted`);
        return () => void journal.push(`${plugin}: unmounted`);
      },
      ...owned('routes', plugin),
    }),
  };
}

/** A definition as if it had been found in a package. */
export function inMemoryPlugin(
  definition: PluginDefinition,
  manifest: { uses?: string[]; provides?: string[] } = {},
): DiscoveredPlugin {
  return {
    id: definition.id,
    packageName: `plugin-${definition.id}`,
    version: '1.0.0',
    description: '',
    origin: 'local',
    directory: '',
    manifest: manifestSchema.parse({ apiVersion: 1, entry: './index.js', ...manifest }),
    incompatible: null,
    load: async () => definition,
  };
}

const silent = () => {};
export const silentLogger: Logger = {
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
  child: () => silentLogger,
};

const silentMetrics: Metrics = {
  counter: () => ({ inc() {}, remove() {} }),
  gauge: () => ({ set() {}, inc() {}, dec() {} }),
  histogram: () => ({ observe() {}, remove() {} }),
};
