import { type Http, z } from '@atoll/sdk';
import type { AdminHost } from './admin-host.js';
import { listOf, pageQuery } from './paging.js';
import { runOutcomes, runSchema, runStates } from './run-schemas.js';

const runParams = z.strictObject({ runId: z.string() });

/** `/api/v1/runs`: what ran, what runs, and what it said. */
export function runRoutes(http: Http, { jobs: { runs } }: AdminHost): void {
  const run = http.schema('Run', runSchema);
  const line = http.schema(
    'RunLogLine',
    z.object({
      at: z.iso.datetime(),
      level: z.string(),
      message: z.string(),
      fields: z.record(z.string(), z.unknown()).optional(),
    }),
  );
  const filter = pageQuery.extend({
    job: z.string().optional().meta({ description: 'Full id, <plugin>/<name>.' }),
    outcome: z.enum(runOutcomes).optional(),
    state: z.enum(runStates).optional(),
  });

  http.routes((app) => {
    app.get(
      '/api/v1/runs',
      { schema: { summary: 'Runs, latest first.', querystring: filter, response: { 200: listOf(run) } } },
      ({ query }) => runs.list(query),
    );
    app.get(
      '/api/v1/runs/:runId',
      { schema: { summary: 'One run, as it stands now.', params: runParams, response: { 200: run } } },
      ({ params }) => runs.get(params.runId),
    );
    app.post(
      '/api/v1/runs/:runId/cancel',
      { schema: { summary: 'Ends a run that waits or works.', params: runParams, response: { 200: run } } },
      ({ params }) => runs.cancel(params.runId),
    );
    app.get(
      '/api/v1/runs/:runId/logs',
      {
        schema: {
          summary: 'The last lines of the run, oldest first; at most 500, so there is one page.',
          params: runParams,
          response: { 200: listOf(line) },
        },
      },
      async ({ params }) => ({ items: await runs.logs(params.runId), nextCursor: null }),
    );
  });
}
