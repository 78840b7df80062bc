import {
  AtollError,
  type Clock,
  type ConnectionResult,
  type Disposer,
  type HealthStatus,
  type Logger,
  type PluginDefinition,
} from '@atoll/sdk';
import type { DiscoveredPlugin } from './discovered-plugin.js';
import type { Footprint } from './footprint.js';
import { PluginInstance } from './plugin-instance.js';
import type { PluginServices } from './plugin-services.js';
import { canTransition, isServing, type PluginState } from './plugin-state.js';
import { startFailure } from './start-failure.js';

/** One change of state; `at` is milliseconds since the epoch. */
export interface PluginTransition {
  plugin: string;
  from: PluginState;
  state: PluginState;
  reason: string | null;
  at: number;
}

/** What the configuration says of one plugin. */
export interface PluginSettings {
  enabled: boolean;
  required: boolean;
  /** The parsed `config`; null where it is not valid or was never checked. */
  config: Readonly<Record<string, unknown>> | null;
  /** Why its configuration cannot be used; null when it can. */
  invalid: string | null;
}

export interface ManagedPluginOptions {
  plugin: DiscoveredPlugin;
  settings: PluginSettings;
  services: PluginServices;
  clock: Clock;
  logger: Logger;
  /** Takes secrets out of what plugins say, which the API shows. */
  redact(text: string): string;
  /** Aborts when the host stops. */
  hostStops: AbortSignal;
  onTransition(transition: PluginTransition): void;
}

const historyLength = 50;

/** One plugin: its state and how it got there, and its present life if it has one. Not safe for concurrent calls; the manager queues them. */
export class ManagedPlugin {
  readonly plugin: DiscoveredPlugin;
  readonly #options: ManagedPluginOptions;
  #settings: PluginSettings;
  #state: PluginState = 'discovered';
  #reason: string | null = null;
  #since: number;
  #history: PluginTransition[] = [];
  #instance: PluginInstance | undefined;
  #attempt = 0;
  #cancelRetry: Disposer | undefined;
  #health: HealthStatus = 'healthy';

  constructor(options: ManagedPluginOptions) {
    this.plugin = options.plugin;
    this.#options = options;
    this.#settings = options.settings;
    this.#since = options.clock.now();
  }

  get id(): string {
    return this.plugin.id;
  }

  get state(): PluginState {
    return this.#state;
  }

  get reason(): string | null {
    return this.#reason;
  }

  /** Milliseconds since the epoch. */
  get since(): number {
    return this.#since;
  }

  get health(): HealthStatus {
    return this.#health;
  }

  get settings(): PluginSettings {
    return this.#settings;
  }

  /** The latest transitions, oldest first. */
  get history(): readonly PluginTransition[] {
    return this.#history;
  }

  get serving(): boolean {
    return isServing(this.#state);
  }

  /** Takes new settings; they count from the next start on. */
  configure(settings: PluginSettings): void {
    this.#settings = settings;
  }

  /** The state it rests in without being started, for a reason known beforehand; null when it may start. */
  obstacle(): { state: PluginState; reason: string | null } | null {
    if (!this.#settings.enabled) return { state: 'disabled', reason: null };
    if (this.plugin.incompatible) return { state: 'incompatible', reason: this.plugin.incompatible };
    if (this.#settings.invalid) return { state: 'invalid_config', reason: this.#settings.invalid };
    return null;
  }

  /** Goes to a state that needs no work: disabled, incompatible, waiting for a provider. */
  rest(state: PluginState, reason: string | null): void {
    this.#to(state, reason);
  }

  /** Tries to start once. `retry` is called when it should be tried again. */
  async start(retry: () => void): Promise<void> {
    this.#cancelRetry?.();
    this.#attempt += 1;
    this.#to('starting', this.#attempt > 1 ? `attempt ${this.#attempt}` : null);
    try {
      const definition = await this.plugin.load();
      const { config } = this.#settings;
      if (config === null) {
        throw new AtollError('plugin_failed', 'its code could not be loaded when the settings were checked', {
          plugin: this.id,
          hint: `It can now: restart it with "atoll plugins restart ${this.id}".`,
        });
      }
      this.#instance = await PluginInstance.start({
        definition: definition as PluginDefinition,
        config,
        rights: { plugin: this.id, uses: this.plugin.manifest.uses, provides: this.plugin.manifest.provides },
        services: this.#options.services,
        hostStops: this.#options.hostStops,
      });
      this.#attempt = 0;
      this.#health = 'healthy';
      this.#to('running', null);
    } catch (error) {
      if (this.#options.hostStops.aborted) return this.#to('stopped', 'the host stops');
      const failure = startFailure(error, this.#attempt, Math.random());
      this.#options.logger.error({ plugin: this.id, err: error }, `did not start: ${failure.reason}`);
      this.#to(failure.state, failure.reason);
      if (failure.retryAfterMs !== undefined) {
        this.#cancelRetry = this.#options.clock.setTimeout(retry, failure.retryAfterMs);
      }
    }
  }

  /** Ends its life, if it has one, and rests in `state`. */
  async stop(state: 'stopped' | 'disabled' | 'starting', reason: string | null): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#attempt = 0;
    const instance = this.#instance;
    this.#instance = undefined;
    if (instance) {
      this.#to('stopping', reason);
      await instance.stop();
    }
    this.#to(state, reason);
  }

  /** Takes what its health checks say: a serving plugin is `running` while they are healthy, else `degraded`. */
  reportHealth(status: HealthStatus, message: string | null): void {
    this.#health = status;
    if (status === 'healthy' && this.#state === 'degraded') this.#to('running', null);
    else if (status !== 'healthy' && this.#state === 'running') this.#to('degraded', message);
  }

  async check(): Promise<ConnectionResult[]> {
    const results = (await this.#instance?.check()) ?? [];
    const { redact } = this.#options;
    return results.map((result) => ({
      ...result,
      message: result.message && redact(result.message),
      hint: result.hint && redact(result.hint),
    }));
  }

  async footprint(): Promise<Footprint | null> {
    return (await this.#instance?.footprint()) ?? null;
  }

  #to(state: PluginState, said: string | null): void {
    const reason = said && this.#options.redact(said);
    if (state === this.#state && reason === this.#reason) return;
    if (state !== this.#state && !canTransition(this.#state, state)) {
      throw new Error(`${this.id} cannot go from ${this.#state} to ${state}`);
    }
    const transition = { plugin: this.id, from: this.#state, state, reason, at: this.#options.clock.now() };
    if (state !== this.#state) this.#since = transition.at;
    this.#state = state;
    this.#reason = reason;
    this.#history = [...this.#history, transition].slice(-historyLength);
    this.#options.onTransition(transition);
  }
}
