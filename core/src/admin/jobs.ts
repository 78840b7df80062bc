import { type Http, type RoutesApp, z } from '@atoll/sdk';
import { principalOf } from '../http/kernel.js';
import type { AdminHost } from './admin-host.js';
import { listOf, pageOf, pageQuery } from './paging.js';
import { runSchema } from './run-schemas.js';

const runBody = z
  .strictObject({
    input: z.unknown().optional().meta({ description: "As the job's inputSchema says; default {}." }),
  })
  .nullish();

/**
 * `/api/v1/jobs`: what can run and when it will. A job's id holds a slash; in a path it is one percent-encoded
 * segment (`octogen%2Fgenerate`), and the plain form is answered too.
 */
export function jobRoutes(http: Http, { jobs }: AdminHost): void {
  const job = http.schema(
    'Job',
    z.object({
      id: z.string(),
      plugin: z.string(),
      name: z.string(),
      title: z.string(),
      description: z.string().nullable(),
      schedule: z.object({ text: z.string(), words: z.string() }).nullable(),
      timezone: z.string().nullable(),
      nextRunAt: z.iso.datetime().nullable(),
      paused: z.boolean(),
      overlap: z.enum(['skip', 'queue', 'allow']),
      inputSchema: z.record(z.string(), z.unknown()),
      running: z.int(),
      abandoned: z.int().meta({ description: 'Runs that ignore that they were ended.' }),
      queued: z.int(),
      lastRun: runSchema.nullable(),
    }),
  );

  http.routes((app) => {
    app.get(
      '/api/v1/jobs',
      {
        schema: {
          summary: 'The jobs of the running plugins.',
          querystring: pageQuery,
          response: { 200: listOf(job) },
        },
      },
      async ({ query }) => pageOf(await jobs.list(), ({ id }) => id, query),
    );
    declareJob(app, '/api/v1/jobs/:id', z.strictObject({ id: z.string() }), ({ id }) => id, false);
    const parts = z.strictObject({ plugin: z.string(), name: z.string() });
    declareJob(app, '/api/v1/jobs/:plugin/:name', parts, ({ plugin, name }) => `${plugin}/${name}`, true);
  });

  function declareJob<P extends z.ZodType>(
    app: RoutesApp,
    path: string,
    params: P,
    idOf: (params: z.output<P>) => string,
    hide: boolean,
  ): void {
    const known = (request: { params: unknown }): string => idOf(request.params as z.output<P>);
    app.get(path, { schema: { hide, summary: 'One job.', params, response: { 200: job } } }, (request) =>
      jobs.get(known(request)),
    );
    app.post(
      `${path}/run`,
      {
        schema: {
          hide,
          summary: 'Accepts a run; it is on disk when the answer comes.',
          params,
          body: runBody,
          response: { 202: z.object({ runId: z.string() }) },
        },
      },
      async (request, reply) => {
        const trigger = principalOf(request)?.owner ? 'cli' : 'api';
        const body = request.body as z.output<typeof runBody>;
        return reply.code(202).send(await jobs.run(known(request), body?.input ?? {}, { trigger }));
      },
    );
    for (const action of ['pause', 'resume'] as const) {
      const summary =
        action === 'pause' ? 'Stops the firings of a job, also across restarts.' : 'Lets a job fire again.';
      app.post(
        `${path}/${action}`,
        { schema: { hide, summary, params, response: { 200: job } } },
        async (request) => {
          await jobs[action](known(request));
          return jobs.get(known(request));
        },
      );
    }
  }
}
