import type { Metrics } from '@atoll/sdk';

/** What one mount measures of its requests. */
export interface HttpMetrics {
  /** @param durationMs from arrival to the last byte. */
  observe(method: string, route: string, status: number, durationMs: number): void;
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** @param inFlight how many requests are under way; read when metrics are scraped. */
export function createHttpMetrics(metrics: Metrics, inFlight: () => number): HttpMetrics {
  const duration = metrics.histogram({
    name: 'atoll_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labels: ['method', 'route', 'status'],
    buckets,
  });
  metrics.gauge({
    name: 'atoll_http_requests_in_flight',
    help: 'Requests that have no complete answer yet.',
    collect: (gauge) => gauge.set(inFlight()),
  });
  return {
    observe: (method, route, status, durationMs) =>
      duration.observe(durationMs / 1000, { method, route, status: String(status) }),
  };
}
