import type { Http } from '@atoll/sdk';
import type { AdminHost } from './admin-host.js';

/** `/metrics` in the Prometheus text format. */
export function metricsRoutes(http: Http, { metrics }: AdminHost): void {
  http.routes((app) => {
    app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
      reply.type(metrics.contentType).send(await metrics.exposition()),
    );
  });
}
