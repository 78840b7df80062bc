import {
  AtollError,
  type ConnectionResult,
  type Disposer,
  isAtollError,
  type PluginDefinition,
} from '@atoll/sdk';
import { EffectStack, within } from './effect-stack.js';
import type { Footprint } from './footprint.js';
import { type ConnectionTest, createPluginContext } from './plugin-context.js';
import type { PluginServices } from './plugin-services.js';
import type { ServiceRights } from './service-registry.js';

/** How long each phase of a plugin's life may take, in milliseconds of real time. */
const deadlines = { setup: 30_000, disposer: 10_000, check: 30_000 } as const;

export interface InstanceOptions {
  definition: PluginDefinition;
  config: unknown;
  rights: ServiceRights;
  services: PluginServices;
  /** Aborts when the host stops, which waits for no `setup`. */
  hostStops: AbortSignal;
}

/** One life of a plugin, from opening its storage to closing it. A restart makes a new one. */
export class PluginInstance {
  readonly #id: string;
  readonly #services: PluginServices;
  readonly #effects = new EffectStack();
  readonly #abort = new AbortController();
  readonly #connectionTests = new Set<ConnectionTest>();
  #footprint: () => Promise<Footprint> = async () => emptyFootprint;
  /** Undone first and in this order: no new requests, then no new runs. */
  #entrances: Disposer[] = [];

  private constructor(id: string, services: PluginServices) {
    this.#id = id;
    this.#services = services;
  }

  /** Opens a plugin's services, runs its `setup`, and lets requests and firings in. Undoes all of it on failure. */
  static async start(options: InstanceOptions): Promise<PluginInstance> {
    const instance = new PluginInstance(options.definition.id, options.services);
    try {
      await instance.#start(options);
      return instance;
    } catch (error) {
      await instance.stop();
      throw error;
    }
  }

  async #start({ definition, config, rights, services, hostStops }: InstanceOptions): Promise<void> {
    const id = this.#id;
    const signal = this.#abort.signal;
    const logger = services.logger(id);
    const storage = await services.storage(id, definition.migrations ?? {});
    this.#effects.add('storage', () => storage.close());
    const metrics = this.#own('metrics', services.metrics(id));
    const resilience = this.#own('resilience', services.resilience(id, { logger, signal, kv: storage.kv }));
    const events = this.#own('events', services.events(id));
    const health = this.#own('health', services.health(id));
    const jobs = this.#own('jobs', services.jobs(id, { logger, signal }));
    const routes = this.#own('routes', services.routes(id, { logger }));
    const own = this.#effects.labels().length;
    this.#footprint = async () => ({
      routes: routes.routeList(),
      jobs: jobs.names(),
      metrics: metrics.names(),
      checks: health.names(),
      listeners: events.subscriptions(),
      policies: resilience.policies(),
      outbound: resilience.outbound(),
      tables: await storage.tables(),
      effects: this.#effects.labels().slice(own),
    });

    const context = createPluginContext(
      {
        id,
        config: config as Readonly<unknown>,
        logger,
        http: routes.http,
        jobs,
        storage,
        resilience,
        metrics,
        health,
        events,
        services: this.#tracked(rights),
        clock: services.clock,
        timezone: services.timezone,
        signal,
      },
      this.#effects,
      this.#connectionTests,
      services.swapped,
    );
    await within(
      deadlines.setup,
      `${id}: its setup did not finish`,
      async () => services.enter({ plugin: id }, () => definition.setup(context)),
      hostStops,
    );
    const unmount = await routes.mount();
    this.#entrances.push(unmount);
    await jobs.arm();
    this.#entrances.push(() => jobs.disarm());
  }

  /** Runs the plugin's connection tests; a test that throws is an unhealthy line, not an error. */
  async check(): Promise<ConnectionResult[]> {
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(deadlines.check)]);
    const results = await Promise.all(
      [...this.#connectionTests].map((test) =>
        this.#services.enter({ plugin: this.#id }, () =>
          within(deadlines.check, 'the connection test gave no answer', () => test(signal)).catch(
            (error: unknown): ConnectionResult[] => [
              {
                name: this.#id,
                status: 'unhealthy',
                message: error instanceof Error ? error.message : String(error),
                hint: isAtollError(error) ? error.hint : undefined,
              },
            ],
          ),
        ),
      ),
    );
    return results.flat();
  }

  footprint(): Promise<Footprint> {
    return this.#footprint();
  }

  /** Ends requests and runs under way, then undoes everything. Never throws; what could not be undone is logged. */
  async stop(): Promise<void> {
    const logger = this.#services.logger(this.#id);
    for (const close of this.#entrances.splice(0)) {
      await Promise.resolve(close()).catch((error: unknown) =>
        logger.warn({ err: error }, 'did not close cleanly'),
      );
    }
    this.#abort.abort(new AtollError('cancelled', `${this.#id} stops`, { plugin: this.#id }));
    for (const { label, error } of await this.#effects.unwind(deadlines.disposer)) {
      logger.warn({ err: error }, `${label} is left behind`);
    }
  }

  #own<T extends { dispose(): void | Promise<void> }>(label: string, owned: T): T {
    this.#effects.add(label, () => owned.dispose());
    return owned;
  }

  /** The registry's view for this plugin, with every offer undone at stop. */
  #tracked(rights: ServiceRights) {
    const services = this.#services.services.forPlugin(rights);
    return {
      ...services,
      provide: <T>(...offer: Parameters<typeof services.provide<T>>) =>
        this.#effects.add(`service ${String(offer[0].description)}`, services.provide(...offer)),
    };
  }
}

const emptyFootprint: Footprint = {
  routes: [],
  jobs: [],
  metrics: [],
  checks: [],
  listeners: [],
  policies: [],
  outbound: [],
  tables: [],
  effects: [],
};
