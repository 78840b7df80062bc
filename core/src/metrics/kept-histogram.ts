import type { OwnedFamily, Sample } from './exposition.js';

export interface KeptHistogramOptions {
  name: string;
  help: string;
  labels: readonly string[];
  /** Upper bounds, ascending. */
  buckets: readonly number[];
}

/** One label set: how many values fell into each bucket, the last one being beyond all bounds. */
export class KeptSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly #bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(labels: Readonly<Record<string, string>>, bounds: readonly number[]) {
    this.labels = labels;
    this.#bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && value > this.#bounds[bucket]!) bucket++;
    this.#counts[bucket]! += 1;
    this.#sum += value;
  }

  samples(name: string): Sample[] {
    const { labels } = this;
    let count = 0;
    const buckets = [...this.#bounds, '+Inf'].map((le, index) => {
      count += this.#counts[index]!;
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}

/**
 * A histogram of the host that hands out its series, for what is measured on every request: whoever holds a series
 * observes without looking up its labels, which is most of what a histogram otherwise costs.
 */
export class KeptHistogram {
  readonly #options: KeptHistogramOptions;
  readonly #series = new Set<KeptSeries>();

  constructor(options: KeptHistogramOptions) {
    this.#options = options;
  }

  /** A new series; the caller sees to it that no two have the same labels, and that there are not too many. */
  series(labels: Readonly<Record<string, string>>): KeptSeries {
    const series = new KeptSeries(labels, this.#options.buckets);
    this.#series.add(series);
    return series;
  }

  collect(): OwnedFamily {
    const { name, help } = this.#options;
    const values = [...this.#series].flatMap((series) => series.samples(name));
    return { plugin: undefined, family: { name, help, type: 'histogram', values } };
  }
}
