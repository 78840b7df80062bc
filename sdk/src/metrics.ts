export interface MetricOptions<L extends string = string> {
  /** Full name; one of your own starts with `atoll_<plugin>_`, names of an original tool are kept. */
  name: string;
  help: string;
  labels?: readonly L[];
}

export interface Counter<L extends string = string> {
  inc(labels?: Partial<Record<L, string>>, by?: number): void;
  /** Drops one label set, for example of an upstream that is no longer configured. */
  remove(labels: Partial<Record<L, string>>): void;
}

export interface Gauge<L extends string = string> {
  set(value: number, labels?: Partial<Record<L, string>>): void;
  inc(labels?: Partial<Record<L, string>>, by?: number): void;
  dec(labels?: Partial<Record<L, string>>, by?: number): void;
}

export interface Histogram<L extends string = string> {
  observe(value: number, labels?: Partial<Record<L, string>>): void;
  /** Drops one label set, for example of an upstream that is no longer configured. */
  remove(labels: Partial<Record<L, string>>): void;
}

/** The plugin's own registry. A label set beyond the cap (1,000 per metric) is counted as `other` and logged once. */
export interface Metrics {
  counter<L extends string = never>(options: MetricOptions<L>): Counter<L>;
  gauge<L extends string = never>(
    options: MetricOptions<L> & { collect?: (gauge: Gauge<L>) => void | Promise<void> },
  ): Gauge<L>;
  histogram<L extends string = never>(
    options: MetricOptions<L> & { buckets?: readonly number[] },
  ): Histogram<L>;
}
