import { AtollError, type Clock, type Logger, type Metrics } from '@atoll/sdk';
import type { DayBudgetState } from './day-budget.js';
import { runsInContainer } from './http/container.js';
import { NetworkGate } from './network-gate.js';
import { PluginResilience, type PluginResilienceOptions, type ResilienceHost } from './plugin-resilience.js';
import { PolicyMetrics } from './policy-metrics.js';
import type { PolicyState } from './policy-state.js';

export interface ResilienceServiceOptions {
  clock: Clock;
  logger: Logger;
  /** The host's registry. */
  metrics: Metrics;
  /** IANA zone whose days renew budgets. */
  timezone: string;
  /** Refuses every outgoing connection with `network_denied`; for tests. */
  denyNetwork?: boolean;
  /** `host` or `host:port` that may be reached although the network is denied; read at each call. */
  allow?: readonly string[];
  /** Random numbers from 0 to 1, for the jitter of retries. */
  random?: () => number;
  /** Whether the host runs in a container, for better hints. */
  inContainer?: () => boolean;
}

/** The protection of all plugins' calls to other systems. */
export class ResilienceService {
  readonly #host: ResilienceHost;
  readonly #logger: Logger;
  readonly #plugins = new Map<string, PluginResilience>();

  constructor(options: ResilienceServiceOptions) {
    this.#logger = options.logger;
    this.#host = {
      clock: options.clock,
      timezone: options.timezone,
      metrics: new PolicyMetrics(options.metrics),
      gate: new NetworkGate(options.denyNetwork ?? false, options.allow ?? []),
      random: options.random ?? Math.random,
      inContainer: options.inContainer ?? runsInContainer,
    };
  }

  /** Opens the service for a plugin that starts; its last life has to be disposed of. */
  forPlugin(plugin: string, options: PluginResilienceOptions): PluginResilience {
    if (this.#plugins.has(plugin)) {
      throw new AtollError('conflict', `${plugin} has its resilience open already; dispose of it first`, {
        plugin,
      });
    }
    const opened = new PluginResilience(plugin, options, this.#host, () => this.#plugins.delete(plugin));
    this.#plugins.set(plugin, opened);
    return opened;
  }

  /** Every policy of every running plugin, by plugin and name. */
  state(): PolicyState[] {
    return [...this.#plugins.values()]
      .flatMap((plugin) => plugin.state())
      .sort((a, b) => a.plugin.localeCompare(b.plugin) || a.name.localeCompare(b.name));
  }

  /** Every budget of every running plugin. */
  async budgets(): Promise<DayBudgetState[]> {
    const states = await Promise.all([...this.#plugins.values()].map((plugin) => plugin.budgetStates()));
    return states.flat();
  }

  /** Closes the circuit of one policy, so that the next call tries. Throws `not_found`. */
  reset(plugin: string, policy: string): void {
    if (!this.#plugins.get(plugin)?.reset(policy)) {
      throw new AtollError('not_found', `the plugin "${plugin}" has no policy "${policy}"`, {
        hint: 'GET /api/v1/resilience lists the policies of the running plugins.',
      });
    }
    this.#logger.info({ plugin, service: policy }, 'the circuit was reset by hand');
  }
}
