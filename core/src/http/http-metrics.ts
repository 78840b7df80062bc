import type { Disposer, Metrics } from '@atoll/sdk';

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What the host measures of the requests to all mounts; the `plugin` label is empty for its own routes. */
export class HttpMetrics {
  readonly #inFlight = new Set<{ plugin: string; count(): number }>();
  /** @param durationMs from arrival to the last byte. */
  readonly observe: (
    plugin: string,
    method: string,
    route: string,
    status: number,
    durationMs: number,
  ) => void;

  /** @param metrics the host's registry, which may name plugins. */
  constructor(metrics: Metrics) {
    const duration = metrics.histogram({
      name: 'atoll_http_request_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer.',
      labels: ['plugin', 'method', 'route', 'status'],
      buckets,
    });
    this.observe = (plugin, method, route, status, durationMs) =>
      duration.observe(durationMs / 1000, { plugin, method, route, status: String(status) });
    metrics.gauge({
      name: 'atoll_http_requests_in_flight',
      help: 'Requests that have no complete answer yet.',
      labels: ['plugin'],
      collect: (gauge) => {
        for (const { plugin, count } of this.#inFlight) gauge.set(count(), { plugin });
      },
    });
  }

  /** Publishes how many requests a mount has under way; read when metrics are scraped. */
  track(plugin: string, count: () => number): Disposer {
    const entry = { plugin, count };
    this.#inFlight.add(entry);
    return () => void this.#inFlight.delete(entry);
  }
}
