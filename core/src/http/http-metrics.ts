import type { Disposer } from '@atoll/sdk';
import type { KeptHistogram, KeptSeries } from '../metrics/kept-histogram.js';
import type { MetricsService } from '../metrics/metrics-service.js';

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What the host measures of the requests to all mounts; the `plugin` label is empty for its own routes. */
export class HttpMetrics {
  readonly #inFlight = new Set<{ plugin: string; count(): number }>();
  readonly #duration: KeptHistogram;
  /** By plugin, method, route pattern and status: callers choose none of them freely, so there are not too many. */
  readonly #series = new Map<string, KeptSeries>();

  constructor(metrics: Pick<MetricsService, 'host' | 'keptHistogram'>) {
    this.#duration = metrics.keptHistogram({
      name: 'atoll_http_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer.',
      labels: ['plugin', 'method', 'route', 'status'],
      buckets,
    });
    metrics.host.gauge({
      name: 'atoll_http_requests_in_flight',
      help: 'Requests that have no complete answer yet.',
      labels: ['plugin'],
      collect: (gauge) => {
        for (const { plugin, count } of this.#inFlight) gauge.set(count(), { plugin });
      },
    });
  }

  /** @param durationMs from arrival to the last byte. */
  observe(plugin: string, method: string, route: string, status: number, durationMs: number): void {
    const key = `${plugin} ${method} ${status} ${route}`;
    let series = this.#series.get(key);
    if (!series) {
      series = this.#duration.series({ plugin, method, route, status: String(status) });
      this.#series.set(key, series);
    }
    series.observe(durationMs / 1000);
  }

  /** Publishes how many requests a mount has under way; read when metrics are scraped. */
  track(plugin: string, count: () => number): Disposer {
    const entry = { plugin, count };
    this.#inFlight.add(entry);
    return () => void this.#inFlight.delete(entry);
  }
}
