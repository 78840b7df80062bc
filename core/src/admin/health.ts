import { AtollError, type Http, z } from '@atoll/sdk';
import type { AdminHost } from './admin-host.js';

/** `/health/live` and `/health/ready` for supervisors, one word each; `/api/v1/health` with every check. */
export function healthRoutes(http: Http, { health, ready }: AdminHost): void {
  const status = z.enum(['healthy', 'degraded', 'unhealthy']);
  const report = http.schema(
    'Health',
    z.object({
      status,
      checks: z.record(
        z.string(),
        z.object({
          status,
          message: z.string().nullable(),
          since: z.iso.datetime(),
          plugin: z.string().nullable(),
        }),
      ),
    }),
  );
  http.routes((app) => {
    app.get(
      '/api/v1/health',
      { schema: { summary: 'How the host and its plugins are.', response: { 200: report } } },
      () => health.report(),
    );
  });
  http.routes(
    (app) => {
      const word = { 200: z.object({ status: z.string() }) };
      app.get(
        '/health/live',
        { schema: { summary: 'Whether the process answers.', response: word } },
        () => ({ status: 'live' }),
      );
      app.get(
        '/health/ready',
        { schema: { summary: 'Whether every plugin has come to rest.', response: word } },
        () => {
          if (ready()) return { status: 'ready' };
          throw new AtollError('unavailable', 'Atoll is not ready.');
        },
      );
    },
    { auth: 'public' },
  );
}
