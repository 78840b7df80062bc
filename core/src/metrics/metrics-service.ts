import { AtollError, type Clock, type Disposer, type Logger, type Metrics } from '@atoll/sdk';
import { EventLoopDelay } from './event-loop-delay.js';
import { expositionContentType, type OwnedFamily, sampleName, writeExposition } from './exposition.js';
import { KeptHistogram, type KeptHistogramOptions } from './kept-histogram.js';
import type { Labels } from './label-cap.js';
import { MetricFamilies } from './metric-families.js';
import { registerProcessMetrics } from './process-metrics.js';
import { RegistryMetrics } from './registry-metrics.js';

/** A plugin's metrics as the host holds them. */
export interface PluginMetrics extends Metrics {
  /** The names registered, sorted. */
  names(): string[];
  dispose(): void;
}

/** All metrics of the process: one registry for the host and one for each plugin, published as one text. */
export class MetricsService {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #families = new MetricFamilies();
  readonly #host: RegistryMetrics;
  readonly #plugins = new Map<string, RegistryMetrics>();
  readonly #kept: KeptHistogram[] = [];
  readonly #stopObserving: Disposer;

  /** How late the event loop runs; the health check of that name reads it too. */
  readonly eventLoopDelay: EventLoopDelay;
  readonly contentType = expositionContentType;

  constructor({ logger, clock }: { logger: Logger; clock: Clock }) {
    this.#logger = logger;
    this.#clock = clock;
    this.#host = this.#registry(undefined);
    this.eventLoopDelay = new EventLoopDelay(clock);
    this.#stopObserving = registerProcessMetrics(this.#host, this.eventLoopDelay, clock);
  }

  /** The host's own metrics; these may carry a `plugin` label of their own. */
  get host(): PluginMetrics {
    return this.#host;
  }

  /** The registry of a plugin that starts; throws `conflict` when the one before was not disposed. */
  forPlugin(id: string): PluginMetrics {
    if (this.#plugins.has(id)) {
      throw new AtollError('conflict', `plugin "${id}" has a metrics registry already`, { plugin: id });
    }
    const metrics = this.#registry(id);
    this.#plugins.set(id, metrics);
    return {
      counter: (options) => metrics.counter(options),
      gauge: (options) => metrics.gauge(options),
      histogram: (options) => metrics.histogram(options),
      names: () => metrics.names(),
      dispose: () => {
        metrics.dispose();
        if (this.#plugins.get(id) === metrics) this.#plugins.delete(id);
      },
    };
  }

  /** A histogram of the host for what is measured on every request; see KeptHistogram. */
  keptHistogram(options: KeptHistogramOptions): KeptHistogram {
    this.#families.claim({ ...options, kind: 'histogram', owner: undefined });
    const histogram = new KeptHistogram(options);
    this.#kept.push(histogram);
    return histogram;
  }

  /** Everything in the Prometheus text format, to be sent with `contentType`. */
  async exposition(): Promise<string> {
    return writeExposition(await this.#collect());
  }

  /**
   * The current value of a published sample (`x`, or `x_count`, `x_sum`, `x_bucket` of a histogram): the sum of
   * those that carry all of `labels`, among them `plugin`. Undefined where there is none.
   */
  async value(name: string, labels: Labels = {}): Promise<number | undefined> {
    const families = await this.#collect();
    let sum: number | undefined;
    for (const { plugin, family } of families) {
      for (const sample of family.values) {
        if (sampleName(family.name, sample) !== name) continue;
        const own = plugin === undefined ? sample.labels : { ...sample.labels, plugin };
        if (Object.entries(labels).every(([label, value]) => String(own[label]) === value)) {
          sum = (sum ?? 0) + sample.value;
        }
      }
    }
    return sum;
  }

  dispose(): void {
    void this.#stopObserving();
    this.eventLoopDelay.dispose();
    for (const metrics of this.#plugins.values()) metrics.dispose();
    this.#plugins.clear();
    this.#host.dispose();
  }

  async #collect(): Promise<OwnedFamily[]> {
    const registries = [this.#host, ...this.#plugins.values()];
    const families = await Promise.all(registries.map((registry) => registry.collect()));
    return [...families.flat(), ...this.#kept.map((histogram) => histogram.collect())];
  }

  #registry(plugin: string | undefined): RegistryMetrics {
    return new RegistryMetrics({
      plugin,
      families: this.#families,
      logger: this.#logger,
      clock: this.#clock,
    });
  }
}
