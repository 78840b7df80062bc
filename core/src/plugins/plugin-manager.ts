import { AtollError, type Clock, type ConnectionResult, type HealthStatus, type Logger } from '@atoll/sdk';
import type { DiscoveredPlugin } from './discovered-plugin.js';
import type { Footprint } from './footprint.js';
import { ManagedPlugin, type PluginSettings, type PluginTransition } from './managed-plugin.js';
import type { PluginServices } from './plugin-services.js';
import { isSettled, type PluginState } from './plugin-state.js';
import { dependantsOf, startOrder } from './start-order.js';

/** A plugin as lists show it. Times are ISO 8601 UTC. */
export interface PluginView {
  id: string;
  /** The package it comes from; `id` names the instance. */
  plugin: string;
  name: string;
  version: string;
  state: PluginState;
  reason: string | null;
  since: string;
  health: HealthStatus | null;
  listen: null;
}

/** Where a plugin stands, in short. */
export interface PluginStanding {
  state: PluginState;
  reason: string | null;
}

export interface PluginDetail extends PluginView {
  description: string;
  required: boolean;
  states: { state: PluginState; reason: string | null; at: string }[];
  /** What it has registered; null while it does not run. */
  footprint: Footprint | null;
  capabilities: string[];
}

export interface PluginManagerOptions {
  plugins: readonly DiscoveredPlugin[];
  /** What people call a plugin. */
  name(id: string): string;
  settings(id: string): PluginSettings;
  /** The settings of this moment, read anew for a plugin that is about to start by hand. */
  refresh(id: string): Promise<PluginSettings>;
  services: PluginServices;
  clock: Clock;
  logger: Logger;
  /** Takes secrets out of what plugins say, which the API shows. */
  redact(text: string): string;
  onTransition(transition: PluginTransition): void;
}

/** All plugins of the host: starts them in order, stops them in reverse, and changes single ones at run time. */
export class PluginManager {
  readonly #plugins = new Map<string, ManagedPlugin>();
  readonly #options: PluginManagerOptions;
  readonly #order: string[];
  readonly #unstartable: Map<string, string>;
  #queue: Promise<unknown> = Promise.resolve();
  readonly #stop = new AbortController();

  constructor(options: PluginManagerOptions) {
    this.#options = options;
    for (const plugin of options.plugins) {
      this.#plugins.set(
        plugin.id,
        new ManagedPlugin({
          plugin,
          settings: options.settings(plugin.id),
          services: options.services,
          clock: options.clock,
          logger: options.logger,
          redact: options.redact,
          hostStops: this.#stop.signal,
          onTransition: options.onTransition,
        }),
      );
    }
    const { order, unstartable } = startOrder(this.#dependents());
    this.#order = order;
    this.#unstartable = unstartable;
  }

  /** Starts every enabled plugin; those without a common provider do not wait for each other. Never throws. */
  startAll(): Promise<void> {
    return this.#exclusive(async () => {
      const started = new Map<string, Promise<void>>();
      for (const id of this.#order) {
        const plugin = this.#get(id);
        const providers = plugin.plugin.manifest.uses.map((used) => started.get(used));
        started.set(
          id,
          Promise.all(providers).then(() => this.#startOne(plugin)),
        );
      }
      await Promise.all(started.values());
    });
  }

  /** Stops every plugin, users before their providers. One that is still starting is given up. */
  stopAll(): Promise<void> {
    this.#stop.abort(new AtollError('cancelled', 'the host stops'));
    return this.#exclusive(async () => {
      for (const id of [...this.#order].reverse()) await this.#get(id).stop('stopped', 'the host stops');
    });
  }

  /** Enables and starts a plugin. Throws `conflict` when it cannot start for a reason known beforehand. */
  enable(id: string): Promise<void> {
    const plugin = this.#get(id);
    return this.#exclusive(async () => {
      if (plugin.serving) return;
      plugin.configure({ ...(await this.#options.refresh(id)), enabled: true });
      await this.#startWithDependants(plugin);
      this.#refuseUnlessStarted(plugin);
    });
  }

  /** Stops a plugin, and those that use it, until it is enabled again or the host restarts. */
  disable(id: string): Promise<void> {
    const plugin = this.#get(id);
    if (plugin.settings.required) {
      throw new AtollError('conflict', `${id} is required and cannot be disabled`, {
        plugin: id,
        hint: `Set plugins.${id}.required to false first.`,
      });
    }
    return this.#exclusive(async () => {
      await this.#stopDependants(id);
      plugin.configure({ ...plugin.settings, enabled: false });
      await plugin.stop('disabled', null);
    });
  }

  /** Stops a plugin and those that use it, reads its configuration again, and starts them. */
  restart(id: string): Promise<void> {
    const plugin = this.#get(id);
    if (!plugin.settings.enabled) {
      throw new AtollError('conflict', `${id} is disabled`, { plugin: id, hint: 'Enable it instead.' });
    }
    return this.#exclusive(async () => {
      await this.#stopDependants(id);
      await plugin.stop('stopped', 'restarts');
      plugin.configure({ ...(await this.#options.refresh(id)), enabled: true });
      await this.#startWithDependants(plugin);
      this.#refuseUnlessStarted(plugin);
    });
  }

  /** Runs a plugin's connection tests. Throws `conflict` when it does not run. */
  async check(id: string): Promise<ConnectionResult[]> {
    const plugin = this.#get(id);
    if (!plugin.serving) {
      throw new AtollError('conflict', `${id} is ${plugin.state} and cannot be checked`, {
        plugin: id,
        hint: plugin.reason ?? undefined,
      });
    }
    return plugin.check();
  }

  list(): PluginView[] {
    return [...this.#plugins.values()].map((plugin) => this.#view(plugin));
  }

  async detail(id: string): Promise<PluginDetail | undefined> {
    const plugin = this.#plugins.get(id);
    if (!plugin) return undefined;
    return {
      ...this.#view(plugin),
      description: plugin.plugin.description,
      required: plugin.settings.required,
      states: plugin.history.map(({ state, reason, at }) => ({
        state,
        reason,
        at: new Date(at).toISOString(),
      })),
      footprint: await plugin.footprint(),
      capabilities: plugin.plugin.manifest.capabilities,
    };
  }

  /** State and reason of a plugin; null for an unknown id. */
  describe(id: string): PluginStanding | null {
    const plugin = this.#plugins.get(id);
    return plugin ? { state: plugin.state, reason: plugin.reason } : null;
  }

  /** Whether every plugin has come to rest and every required one serves. */
  ready(): boolean {
    return [...this.#plugins.values()].every((plugin) =>
      plugin.settings.required ? plugin.serving : isSettled(plugin.state) || this.#waiting(plugin) !== null,
    );
  }

  reportHealth(id: string, status: HealthStatus, message: string | null): void {
    this.#plugins.get(id)?.reportHealth(status, message);
  }

  async #startOne(plugin: ManagedPlugin): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const obstacle = plugin.obstacle();
    if (obstacle) return plugin.rest(obstacle.state, obstacle.reason);
    const never = this.#unstartable.get(plugin.id);
    if (never) return plugin.rest('failed', never);
    const waiting = this.#waiting(plugin);
    if (waiting) return plugin.rest('starting', waiting);
    await plugin.start(() => void this.#exclusive(() => this.#retry(plugin)));
  }

  async #retry(plugin: ManagedPlugin): Promise<void> {
    if (plugin.state === 'retrying') await this.#startWithDependants(plugin);
  }

  async #startWithDependants(plugin: ManagedPlugin): Promise<void> {
    await this.#startOne(plugin);
    if (!plugin.serving) return;
    for (const id of dependantsOf(plugin.id, this.#dependents()).reverse()) {
      const dependant = this.#get(id);
      if (dependant.state === 'starting') await this.#startOne(dependant);
    }
  }

  async #stopDependants(id: string): Promise<void> {
    for (const user of dependantsOf(id, this.#dependents())) {
      const plugin = this.#get(user);
      if (plugin.serving || plugin.state === 'retrying') await plugin.stop('starting', `waits for ${id}`);
    }
  }

  /** Why a plugin cannot start yet: the first provider that does not serve. */
  #waiting(plugin: ManagedPlugin): string | null {
    const provider = plugin.plugin.manifest.uses
      .map((used) => this.#plugins.get(used))
      .find((used) => used && !used.serving);
    return provider ? `waits for ${provider.id}` : null;
  }

  #refuseUnlessStarted(plugin: ManagedPlugin): void {
    const refused: readonly PluginState[] = ['incompatible', 'invalid_config', 'failed', 'auth_required'];
    if (!refused.includes(plugin.state)) return;
    throw new AtollError('conflict', `${plugin.id} did not start: ${plugin.reason}`, { plugin: plugin.id });
  }

  #dependents() {
    return [...this.#plugins.values()].map(({ id, plugin }) => ({ id, uses: plugin.manifest.uses }));
  }

  #get(id: string): ManagedPlugin {
    const plugin = this.#plugins.get(id);
    if (plugin) return plugin;
    throw new AtollError('not_found', `there is no plugin "${id}"`, {
      hint: `There are: ${[...this.#plugins.keys()].join(', ') || 'none'}.`,
    });
  }

  #view(plugin: ManagedPlugin): PluginView {
    return {
      id: plugin.id,
      plugin: plugin.id,
      name: this.#options.name(plugin.id),
      version: plugin.plugin.version,
      state: plugin.state,
      reason: plugin.reason,
      since: new Date(plugin.since).toISOString(),
      health: plugin.serving ? plugin.health : null,
      listen: null,
    };
  }

  /** One change at a time: a restart does not race an enable. */
  #exclusive<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(task);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}
