import type { CircuitState, Counter, Disposer, Histogram, Metrics } from '@atoll/sdk';

/** How a call that went past the cache ended. `rejected`: by the policy itself, nothing was sent. */
export type CallOutcome = 'succeeded' | 'failed' | 'timed_out' | 'rate_limited' | 'rejected' | 'cancelled';

const callOutcomes: readonly CallOutcome[] = [
  'succeeded',
  'failed',
  'timed_out',
  'rate_limited',
  'rejected',
  'cancelled',
];

type CacheLookup = 'hit' | 'miss' | 'coalesced';

const cacheLookups: readonly CacheLookup[] = ['hit', 'miss', 'coalesced'];

const circuitValues: Record<CircuitState, number> = { closed: 0, 'half-open': 1, open: 2 };

/** What the gauges read from a policy when the metrics are collected. */
export interface PolicyGauges {
  readonly circuit: CircuitState;
  readonly bulkhead: { running: number; queued: number } | null;
  readonly cache: { entries: number } | null;
}

/** Counts what one policy does. */
export interface PolicyRecorder {
  ended(outcome: CallOutcome, seconds: number): void;
  retried(): void;
  lookedUp(result: CacheLookup): void;
}

type PolicyLabels = 'plugin' | 'policy';

/** The metric families of all policies, in the host's registry. */
export class PolicyMetrics {
  readonly #requests: Counter<PolicyLabels | 'outcome'>;
  readonly #duration: Histogram<PolicyLabels>;
  readonly #retries: Counter<PolicyLabels>;
  readonly #lookups: Counter<PolicyLabels | 'result'>;
  readonly #policies = new Map<PolicyGauges, Record<PolicyLabels, string>>();

  constructor(metrics: Metrics) {
    const labels = ['plugin', 'policy'] as const;
    this.#requests = metrics.counter({
      name: 'atoll_upstream_requests_total',
      help: 'Calls to other systems by outcome, cached answers left out',
      labels: [...labels, 'outcome'],
    });
    this.#duration = metrics.histogram({
      name: 'atoll_upstream_duration_seconds',
      help: 'Time of calls to other systems, their retries and waits included',
      labels,
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    });
    this.#retries = metrics.counter({
      name: 'atoll_upstream_retries_total',
      help: 'Further attempts of calls to other systems',
      labels,
    });
    this.#lookups = metrics.counter({
      name: 'atoll_cache_lookups_total',
      help: 'Look-ups in response caches: hit, miss, or coalesced with an equal call under way',
      labels: [...labels, 'result'],
    });
    this.#gauge(
      metrics,
      'atoll_circuit_state',
      '0 closed, 1 half-open, 2 open',
      (p) => circuitValues[p.circuit],
    );
    this.#gauge(metrics, 'atoll_bulkhead_running', 'Calls under way', (p) => p.bulkhead?.running);
    this.#gauge(metrics, 'atoll_bulkhead_queued', 'Calls that wait for a slot', (p) => p.bulkhead?.queued);
    this.#gauge(metrics, 'atoll_cache_entries', 'Answers kept', (p) => p.cache?.entries);
  }

  /** Shows a policy until the disposer is called, which drops all its label sets. */
  add(plugin: string, policy: string, gauges: PolicyGauges): { recorder: PolicyRecorder; dispose: Disposer } {
    const own = { plugin, policy };
    this.#policies.set(gauges, own);
    const byOutcome = labelSets(callOutcomes, (outcome) => ({ ...own, outcome }));
    const byResult = labelSets(cacheLookups, (result) => ({ ...own, result }));
    return {
      recorder: {
        ended: (outcome, seconds) => {
          this.#requests.inc(byOutcome[outcome]);
          this.#duration.observe(seconds, own);
        },
        retried: () => this.#retries.inc(own),
        lookedUp: (result) => this.#lookups.inc(byResult[result]),
      },
      dispose: () => {
        this.#policies.delete(gauges);
        for (const labels of Object.values(byOutcome)) this.#requests.remove(labels);
        for (const labels of Object.values(byResult)) this.#lookups.remove(labels);
        this.#duration.remove(own);
        this.#retries.remove(own);
      },
    };
  }

  #gauge(
    metrics: Metrics,
    name: string,
    help: string,
    read: (policy: PolicyGauges) => number | undefined,
  ): void {
    metrics.gauge<PolicyLabels>({
      name,
      help,
      labels: ['plugin', 'policy'],
      collect: (gauge) => {
        for (const [policy, labels] of this.#policies) {
          const value = read(policy);
          if (value !== undefined) gauge.set(value, labels);
        }
      },
    });
  }
}

function labelSets<K extends string, L>(keys: readonly K[], make: (key: K) => L): Record<K, L> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<K, L>;
}
