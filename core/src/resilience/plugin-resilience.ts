import {
  AtollError,
  type Budget,
  type BudgetOptions,
  type Clock,
  type Disposer,
  type HttpClient,
  type HttpClientOptions,
  type KeyValueStore,
  type Logger,
  type Policy,
  type PolicyOptions,
  type Resilience,
} from '@atoll/sdk';
import { DayBudget, type DayBudgetState } from './day-budget.js';
import { PolicyHttpClient } from './http/http-client.js';
import { ReceivedResponse } from './http/received-response.js';
import { LiveCalls } from './live-calls.js';
import type { NetworkGate } from './network-gate.js';
import type { PolicyMetrics } from './policy-metrics.js';
import { type CircuitDefaults, checkPolicyOptions } from './policy-options.js';
import type { PolicyState } from './policy-state.js';
import { ResiliencePolicy } from './resilience-policy.js';

export interface PluginResilienceOptions {
  /** The plugin's own. */
  logger: Logger;
  /** Aborts when the plugin stops; every call under way then ends as `cancelled`. */
  signal: AbortSignal;
  /** Where its budgets are kept. */
  kv: KeyValueStore;
  circuit: CircuitDefaults;
}

/** What all plugins share. */
export interface ResilienceHost {
  clock: Clock;
  timezone: string;
  metrics: PolicyMetrics;
  gate: NetworkGate;
  random: () => number;
  inContainer: () => boolean;
}

const longestName = 100;

/** The policies, clients and budgets of one plugin. */
export class PluginResilience implements Resilience {
  readonly #plugin: string;
  readonly #options: PluginResilienceOptions;
  readonly #host: ResilienceHost;
  readonly #onDispose: () => void;
  readonly #calls: LiveCalls;
  readonly #policies = new Map<string, ResiliencePolicy>();
  readonly #clients: PolicyHttpClient[] = [];
  readonly #budgets = new Map<string, DayBudget>();
  readonly #undo: Disposer[] = [];
  #disposed = false;

  constructor(plugin: string, options: PluginResilienceOptions, host: ResilienceHost, onDispose: () => void) {
    this.#plugin = plugin;
    this.#options = options;
    this.#host = host;
    this.#onDispose = onDispose;
    this.#calls = new LiveCalls(plugin, options.signal);
  }

  policy(name: string, options: PolicyOptions = {}): Policy {
    return this.#add(name, options, (timeoutMs) => {
      return new AtollError('timed_out', `${this.#plugin}: "${name}" took longer than ${timeoutMs} ms`, {
        plugin: this.#plugin,
        hint: 'Try again later, or give it more time.',
      });
    });
  }

  client(name: string, options: HttpClientOptions): HttpClient {
    const { logger } = this.#options;
    const { gate, inContainer, clock } = this.#host;
    const client = new PolicyHttpClient(name, options, {
      plugin: this.#plugin,
      logger,
      clock,
      gate,
      inContainer,
      policy: (timedOut) => this.#add(name, options.policy ?? {}, timedOut),
    });
    this.#clients.push(client);
    return client;
  }

  budget(name: string, options: BudgetOptions): Budget {
    this.#checkName('budget', name, this.#budgets);
    const { limit, per } = options;
    if (!Number.isSafeInteger(limit) || limit < 0 || per !== 'day') {
      throw this.#wrong(`the budget "${name}" needs a limit, a whole number from 0, per: 'day'`);
    }
    const { timezone, clock } = this.#host;
    const budget = new DayBudget({
      plugin: this.#plugin,
      name,
      limit,
      timezone,
      clock,
      kv: this.#options.kv,
    });
    this.#budgets.set(name, budget);
    return budget;
  }

  /** The names of its policies, those of clients included, sorted. */
  policies(): string[] {
    return [...this.#policies.keys()].sort();
  }

  /** The hosts its clients talk to, with the port where it is not the usual one, sorted. */
  outbound(): string[] {
    return [...new Set(this.#clients.map((client) => client.host))].sort();
  }

  state(): PolicyState[] {
    return [...this.#policies.values()].map((policy) => policy.state());
  }

  budgetStates(): Promise<DayBudgetState[]> {
    return Promise.all([...this.#budgets.values()].map((budget) => budget.state()));
  }

  /** Closes a circuit; false where the plugin has no such policy. */
  reset(name: string): boolean {
    const policy = this.#policies.get(name);
    policy?.reset();
    return policy !== undefined;
  }

  /** Cancels every call under way, closes all connections, and removes the policies and their metrics. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#calls.close(new AtollError('cancelled', `${this.#plugin} stops`, { plugin: this.#plugin }));
    for (const undo of this.#undo.splice(0)) await undo();
    this.#policies.clear();
    this.#budgets.clear();
    this.#onDispose();
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
  }

  #add(name: string, options: PolicyOptions, timedOut: (timeoutMs: number) => Error): ResiliencePolicy {
    this.#checkName('policy or client', name, this.#policies);
    checkPolicyOptions(this.#plugin, name, options);
    const policy = new ResiliencePolicy(name, options, {
      plugin: this.#plugin,
      clock: this.#host.clock,
      logger: this.#options.logger,
      calls: this.#calls,
      circuit: this.#options.circuit,
      random: this.#host.random,
      timedOut,
      weigh: (value) => (value instanceof ReceivedResponse ? value.body.byteLength : 1),
    });
    this.#policies.set(name, policy);
    const { recorder, dispose } = this.#host.metrics.add(this.#plugin, name, policy);
    policy.record(recorder);
    this.#undo.push(() => {
      // Calls that end after the stop would bring the label sets back.
      policy.record(undefined);
      return dispose();
    });
    return policy;
  }

  #checkName(kind: string, name: string, taken: ReadonlyMap<string, unknown>): void {
    if (this.#disposed) {
      throw new AtollError('cancelled', `${this.#plugin} has stopped and can make no ${kind} "${name}"`, {
        plugin: this.#plugin,
      });
    }
    if (typeof name !== 'string' || name.trim() === '' || name.length > longestName) {
      throw this.#wrong(`a ${kind} needs a name of 1 to ${longestName} characters`);
    }
    if (taken.has(name)) {
      throw new AtollError('conflict', `${this.#plugin}: there is a ${kind} "${name}" already`, {
        plugin: this.#plugin,
        hint: 'Make it once in setup and hand it on, or give this one another name.',
      });
    }
  }

  #wrong(message: string): AtollError {
    return new AtollError('config_invalid', `${this.#plugin}: ${message}`, { plugin: this.#plugin });
  }
}
