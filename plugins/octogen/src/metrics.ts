import type { Clock, Counter, Gauge, Histogram, Metrics, Resilience } from '@atoll/sdk';
import type { LastRunStore } from './run/last-run.js';

/** The figures that octogen feeds, under the names of the tool it follows. */
export interface OctogenMetrics {
  playlistsCreated: Counter<'source'>;
  apiCalls: Counter<'service' | 'status'>;
  apiLatency: Histogram<'service'>;
  aiTokens: Counter;
  lastRunDuration: Gauge;
}

export function createMetrics(metrics: Metrics, lastRun: LastRunStore): OctogenMetrics {
  metrics.gauge({
    name: 'octogen_last_run_timestamp',
    help: 'End of the last run that was not dry, in seconds since the epoch',
    async collect(gauge) {
      const run = await lastRun.read();
      if (run) gauge.set(run.finishedAt / 1000);
    },
  });
  return {
    playlistsCreated: metrics.counter({
      name: 'octogen_playlists_created_total',
      help: 'Playlists written to the music server, new or changed, by who chose the songs',
      labels: ['source'],
    }),
    apiCalls: metrics.counter({
      name: 'octogen_api_calls_total',
      help: 'Calls to other services',
      labels: ['service', 'status'],
    }),
    apiLatency: metrics.histogram({
      name: 'octogen_api_latency_seconds',
      help: 'Time that calls to other services took',
      labels: ['service'],
      buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60],
    }),
    aiTokens: metrics.counter({
      name: 'octogen_ai_tokens_used',
      help: 'Tokens of questions to the language model and its answers',
    }),
    lastRunDuration: metrics.gauge({
      name: 'octogen_last_run_duration_seconds',
      help: 'Duration of the last run that was not dry',
    }),
  };
}

/** The same resilience, whose clients count their calls and measure their time. */
export function meteredResilience(resilience: Resilience, metrics: OctogenMetrics, clock: Clock): Resilience {
  return {
    policy: (name, options) => resilience.policy(name, options),
    budget: (name, options) => resilience.budget(name, options),
    client(service, options) {
      const client = resilience.client(service, options);
      return {
        name: client.name,
        policy: client.policy,
        async request(path, request) {
          const started = clock.monotonic();
          let status = 'error';
          try {
            const response = await client.request(path, request);
            if (response.status < 400) status = 'success';
            return response;
          } finally {
            metrics.apiCalls.inc({ service, status });
            metrics.apiLatency.observe((clock.monotonic() - started) / 1000, { service });
          }
        },
      };
    },
  };
}
