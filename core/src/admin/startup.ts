import { type Http, z } from '@atoll/sdk';
import type { AdminHost } from './admin-host.js';

/** `/api/v1/startup`: what the start spent its time on. */
export function startupRoutes(http: Http, { startup }: AdminHost): void {
  const report = http.schema(
    'Startup',
    z.object({
      complete: z.boolean(),
      startedAt: z.iso.datetime(),
      durationMs: z.number(),
      steps: z.array(
        z.object({
          name: z.string(),
          plugin: z.string().nullable(),
          durationMs: z.number(),
          outcome: z.string(),
        }),
      ),
    }),
  );
  http.routes((app) => {
    app.get(
      '/api/v1/startup',
      { schema: { summary: 'What the start spent its time on.', response: { 200: report } } },
      () => startup(),
    );
  });
}
