// The route that the hosts are compared with, as a plugin.
import { definePlugin, z } from '@atoll/sdk';

export default definePlugin({
  id: 'items',
  name: 'Items',
  config: z.strictObject({}),
  setup(ctx) {
    ctx.http.routes((app) => {
      app.get(
        '/items/:id',
        {
          schema: {
            params: z.object({ id: z.string().max(20) }),
            querystring: z.object({ limit: z.coerce.number().int().min(1).max(100).default(10) }),
            response: { 200: z.object({ id: z.string(), limit: z.number() }) },
          },
        },
        ({ params, query }) => ({ id: params.id, limit: query.limit }),
      );
    });
    ctx.jobs.define({ name: 'nothing', overlap: 'allow', run: () => null });
  },
});
