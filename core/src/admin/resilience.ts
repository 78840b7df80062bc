import { AtollError, type Http, z } from '@atoll/sdk';
import type { AdminHost } from './admin-host.js';

/** `/api/v1/resilience`: how the calls to other systems do, and closing a circuit by hand. */
export function resilienceRoutes(http: Http, { resilience }: AdminHost): void {
  const policy = http.schema(
    'Policy',
    z.object({
      plugin: z.string(),
      name: z.string(),
      circuit: z.enum(['closed', 'open', 'half-open']),
      failures: z.int().meta({ description: 'In a row.' }),
      openedAt: z.iso.datetime().nullable(),
      nextProbeAt: z.iso.datetime().nullable(),
      bulkhead: z.object({ running: z.int(), queued: z.int() }).nullable(),
      cache: z
        .object({
          entries: z.int(),
          hits: z.int(),
          misses: z.int(),
          coalesced: z.int(),
          evictions: z.int(),
        })
        .nullable(),
      calls: z.object({ succeeded: z.int(), failed: z.int(), retried: z.int() }),
      lastError: z
        .object({ code: z.string().nullable(), message: z.string(), at: z.iso.datetime() })
        .nullable(),
    }),
  );
  const budget = http.schema(
    'Budget',
    z.object({
      plugin: z.string(),
      name: z.string(),
      limit: z.number(),
      remaining: z.number(),
      renewsAt: z.iso.datetime(),
    }),
  );
  http.routes((app) => {
    app.get(
      '/api/v1/resilience',
      {
        schema: {
          summary: 'The circuits, queues, caches and budgets of the running plugins.',
          response: {
            200: z.object({ items: z.array(policy), budgets: z.array(budget), nextCursor: z.null() }),
          },
        },
      },
      async () => ({ items: resilience.state(), budgets: await resilience.budgets(), nextCursor: null }),
    );
    app.post(
      '/api/v1/resilience/:plugin/:policy/reset',
      {
        schema: {
          summary: 'Closes the circuit, so that the next call tries.',
          params: z.strictObject({ plugin: z.string(), policy: z.string() }),
          response: { 200: policy },
        },
      },
      ({ params }) => {
        resilience.reset(params.plugin, params.policy);
        const state = resilience
          .state()
          .find(({ plugin, name }) => plugin === params.plugin && name === params.policy);
        if (!state) throw new AtollError('not_found', `${params.plugin} has no policy "${params.policy}".`);
        return state;
      },
    );
  });
}
