import type { Http } from '@atoll/sdk';
import type { AdminHost } from './admin-host.js';

/** `/metrics` in the Prometheus text format, unless the configuration switches metrics off. */
export function metricsRoutes(http: Http, { metrics, catalog }: AdminHost): void {
  if (!catalog.config.host.metrics.enabled) return;
  http.routes((app) => {
    app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
      reply.type(metrics.contentType).send(await metrics.exposition()),
    );
  });
}
