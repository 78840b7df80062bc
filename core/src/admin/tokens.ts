import { type Http, z } from '@atoll/sdk';
import { scopeSchema } from '../auth/scope.js';
import type { AdminHost } from './admin-host.js';
import { listOf, pageOf, pageQuery } from './paging.js';

/** `/api/v1/tokens`, for admins: who may come in with what. */
export function tokenRoutes(http: Http, { tokens }: AdminHost): void {
  const token = http.schema(
    'Token',
    z.object({
      id: z.string(),
      name: z.string(),
      scopes: z.array(z.string()),
      createdAt: z.iso.datetime(),
      expiresAt: z.iso.datetime().nullable(),
      lastUsedAt: z.iso.datetime().nullable().meta({ description: 'To the minute.' }),
    }),
  );
  const newToken = z.strictObject({
    name: z.string().trim().min(1).max(100).meta({ description: 'What it is for.' }),
    scopes: z.array(scopeSchema).min(1).max(20),
    expiresAt: z.iso.datetime({ offset: true }).optional(),
  });
  http.routes(
    (app) => {
      app.get(
        '/api/v1/tokens',
        {
          schema: {
            summary: 'The tokens that are not revoked, without their values.',
            querystring: pageQuery,
            response: { 200: listOf(token) },
          },
        },
        ({ query }) => pageOf(tokens.list(), ({ id }) => id, query),
      );
      app.post(
        '/api/v1/tokens',
        {
          schema: {
            summary: 'Makes a token. Its value is in this answer and nowhere else.',
            body: newToken,
            response: { 201: token.extend({ token: z.string() }) },
          },
        },
        async ({ body: { name, scopes, expiresAt } }, reply) => {
          const created = await tokens.create({
            name,
            scopes,
            expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
          });
          reply.code(201).header('cache-control', 'no-store');
          return reply.send({ ...created.record, token: created.token });
        },
      );
      app.delete(
        '/api/v1/tokens/:id',
        {
          schema: {
            summary: 'Ends a token at once.',
            params: z.strictObject({ id: z.string() }),
            response: { 204: z.null() },
          },
        },
        async ({ params }, reply) => {
          await tokens.revoke(params.id);
          return reply.code(204).send(null);
        },
      );
    },
    { auth: 'admin' },
  );
}
