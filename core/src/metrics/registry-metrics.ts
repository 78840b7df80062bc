import type { Clock, Counter, Disposer, Gauge, Histogram, Logger, MetricOptions, Metrics } from '@atoll/sdk';
import * as prom from 'prom-client';
import { enterScope } from '../scope/execution-scope.js';
import type { OwnedFamily } from './exposition.js';
import { LabelCap, type Labels, maxLabelSets } from './label-cap.js';
import type { MetricFamilies, MetricKind } from './metric-families.js';

export interface RegistryMetricsOptions {
  /** The plugin's id; undefined for the host. */
  plugin: string | undefined;
  families: MetricFamilies;
  logger: Logger;
  clock: Clock;
}

interface Collector {
  name: string;
  /** Rejects when the plugin's function fails or takes too long. */
  collect(): Promise<void>;
}

const collectTimeoutMs = 5_000;

/** The SDK's `Metrics` over one prom-client registry. A metric never breaks or slows what it measures. */
export class RegistryMetrics implements Metrics {
  readonly #plugin: string | undefined;
  readonly #families: MetricFamilies;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #registry = new prom.Registry();
  readonly #collectors: Collector[] = [];
  readonly #reported = new Set<string>();
  #disposed = false;

  constructor({ plugin, families, logger, clock }: RegistryMetricsOptions) {
    this.#plugin = plugin;
    this.#families = families;
    this.#logger = logger;
    this.#clock = clock;
  }

  counter<L extends string = never>(options: MetricOptions<L>): Counter<L> {
    const { metric, record, remove } = this.#register(
      'counter',
      options,
      (config) => new prom.Counter(config),
    );
    return { inc: (labels = {}, by = 1) => record(labels, (own) => metric.inc(own, finite(by))), remove };
  }

  gauge<L extends string = never>(
    options: MetricOptions<L> & { collect?: (gauge: Gauge<L>) => void | Promise<void> },
  ): Gauge<L> {
    const { metric, record, cap } = this.#register('gauge', options, (config) => new prom.Gauge(config));
    const gauge: Gauge<L> = {
      set: (value, labels = {}) => record(labels, (own) => metric.set(own, value)),
      inc: (labels = {}, by = 1) => record(labels, (own) => metric.inc(own, by)),
      dec: (labels = {}, by = 1) => record(labels, (own) => metric.dec(own, by)),
    };
    const { collect, name } = options;
    if (collect) {
      this.#collectors.push({
        name,
        collect: () => {
          // What was collected before is gone: a label set that is not set again no longer exists.
          metric.reset();
          cap.clear();
          return this.#inTime(() => enterScope({ plugin: this.#plugin }, () => collect(gauge)));
        },
      });
    }
    return gauge;
  }

  histogram<L extends string = never>(
    options: MetricOptions<L> & { buckets?: readonly number[] },
  ): Histogram<L> {
    const { metric, record, remove } = this.#register(
      'histogram',
      options,
      (config) =>
        new prom.Histogram({ ...config, ...(options.buckets && { buckets: [...options.buckets] }) }),
    );
    return {
      observe: (value, labels = {}) => record(labels, (own) => metric.observe(own, finite(value))),
      remove,
    };
  }

  /** The names registered, sorted. */
  names(): string[] {
    return this.#registry
      .getMetricsAsArray()
      .map(({ name }) => name)
      .sort();
  }

  /** Every family with its current samples; one whose `collect` fails is left out and logged once. */
  async collect(): Promise<OwnedFamily[]> {
    const failed = new Set<string>();
    const collectors = this.#collectors.map(async ({ name, collect }) => {
      try {
        await collect();
      } catch (error) {
        failed.add(name);
        this.#reportOnce(`collect ${name}`, 'a metric could not be collected', { metric: name, err: error });
      }
    });
    await Promise.all(collectors);
    const families = await this.#registry.getMetricsAsJSON();
    return families
      .filter(({ name }) => !failed.has(name))
      .map((family) => ({ plugin: this.#plugin, family }));
  }

  /** Gives all names back. What still holds one of the metrics may go on using it, to no effect. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const name of this.names()) this.#families.release(name, this.#plugin);
    this.#collectors.length = 0;
    this.#registry.clear();
  }

  #register<M extends { remove(labels: Record<string, string>): void }, L extends string>(
    kind: MetricKind,
    { name, help, labels = [] }: MetricOptions<L>,
    create: (config: { name: string; help: string; labelNames: string[]; registers: prom.Registry[] }) => M,
  ) {
    this.#families.claim({ name, kind, help, labels, owner: this.#plugin });
    let metric: M;
    try {
      metric = create({ name, help, labelNames: [...labels], registers: [this.#registry] });
    } catch (error) {
      this.#families.release(name, this.#plugin);
      throw error;
    }
    const cap = new LabelCap(labels, () =>
      this.#reportOnce(
        `cap ${name}`,
        `a metric has more than ${maxLabelSets} label sets; the rest count as "other"`,
        {
          metric: name,
        },
      ),
    );
    const record = (
      given: Partial<Record<L, string>>,
      write: (own: Record<string, string>) => void,
    ): void => {
      try {
        write(defined(cap.admit(given as Labels)));
      } catch (error) {
        // Wrong labels or a value that is no number: a mistake in the measuring, not in what is measured.
        this.#reportOnce(`use ${name}`, 'a metric was used wrongly; the sample is lost', {
          metric: name,
          err: error,
        });
      }
    };
    const remove = (given: Partial<Record<L, string>>): void => {
      metric.remove(defined(given as Labels));
      cap.forget(given as Labels);
    };
    return { metric, record, remove, cap };
  }

  #inTime(collect: () => void | Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel: Disposer = this.#clock.setTimeout(
        () => reject(new Error(`collect took longer than ${collectTimeoutMs} ms`)),
        collectTimeoutMs,
      );
      const call = async (): Promise<void> => collect();
      call().then(resolve, reject).finally(cancel);
    });
  }

  #reportOnce(key: string, message: string, fields: object): void {
    if (this.#reported.has(key) || this.#disposed) return;
    this.#reported.add(key);
    this.#logger.warn({ ...(this.#plugin !== undefined && { plugin: this.#plugin }), ...fields }, message);
  }
}

/** One NaN would make a sum NaN for good. A gauge may be NaN: it means unknown, until it is set again. */
function finite(value: number): number {
  if (!Number.isFinite(value)) throw new TypeError(`${value} cannot be added up`);
  return value;
}

/** A label that is not given is left out, which means the same as an empty one. */
function defined(labels: Labels): Record<string, string> {
  for (const name in labels) {
    if (labels[name] === undefined) {
      return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== undefined)) as Record<
        string,
        string
      >;
    }
  }
  return labels as Record<string, string>;
}
