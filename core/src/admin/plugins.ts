import { AtollError, type Http, z } from '@atoll/sdk';
import type { AdminHost } from './admin-host.js';
import { listOf, pageOf, pageQuery } from './paging.js';

const healthStatus = z.enum(['healthy', 'degraded', 'unhealthy']);
const idParams = z.strictObject({ id: z.string() });

/** `/api/v1/plugins`: what is installed, how it does, and switching it on and off. */
export function pluginRoutes(http: Http, { plugins, catalog }: AdminHost): void {
  const view = z.object({
    id: z.string(),
    plugin: z.string(),
    name: z.string(),
    version: z.string(),
    state: z.string().meta({ description: 'See the lifecycle; running and degraded serve.' }),
    reason: z.string().nullable(),
    since: z.iso.datetime(),
    health: healthStatus.nullable(),
    listen: z.null(),
  });
  const names = z.array(z.string());
  const pluginView = http.schema('Plugin', view);
  const pluginDetail = http.schema(
    'PluginDetail',
    view.extend({
      description: z.string(),
      required: z.boolean(),
      states: z.array(z.object({ state: z.string(), reason: z.string().nullable(), at: z.iso.datetime() })),
      footprint: z
        .object({
          routes: names,
          jobs: names,
          metrics: names,
          checks: names,
          listeners: names,
          policies: names,
          outbound: names,
          tables: names,
          effects: names,
        })
        .nullable()
        .meta({ description: 'What it has registered; null while it does not run.' }),
      capabilities: names,
    }),
  );
  const connection = http.schema(
    'ConnectionResult',
    z.object({
      name: z.string(),
      status: healthStatus,
      message: z.string().optional(),
      hint: z.string().optional(),
    }),
  );

  const detailOf = async (id: string) => {
    const detail = await plugins.detail(id);
    if (!detail) throw unknownPlugin(id);
    return detail;
  };

  http.routes((app) => {
    app.get(
      '/api/v1/plugins',
      {
        schema: {
          summary: 'The plugins and their states.',
          querystring: pageQuery,
          response: { 200: listOf(pluginView) },
        },
      },
      ({ query }) => pageOf(plugins.list(), ({ id }) => id, query),
    );
    app.get(
      '/api/v1/plugins/:id',
      {
        schema: {
          summary: 'One plugin: how it got where it is, and what it has registered.',
          params: idParams,
          response: { 200: pluginDetail },
        },
      },
      ({ params }) => detailOf(params.id),
    );
    const actions = {
      enable: 'Starts a plugin that is disabled.',
      disable: 'Stops a plugin, and those that use it, until it is enabled or the host restarts.',
      restart: 'Stops a plugin, reads its configuration again, and starts it.',
    };
    for (const action of ['enable', 'disable', 'restart'] as const) {
      app.post(
        `/api/v1/plugins/:id/${action}`,
        { schema: { summary: actions[action], params: idParams, response: { 200: pluginDetail } } },
        async ({ params: { id } }) => {
          await detailOf(id);
          await plugins[action](id);
          return detailOf(id);
        },
      );
    }
    app.post(
      '/api/v1/plugins/:id/check',
      {
        schema: {
          summary: 'Tests the connections of a running plugin.',
          params: idParams,
          response: { 200: z.object({ items: z.array(connection) }) },
        },
      },
      async ({ params: { id } }) => {
        await detailOf(id);
        return { items: await plugins.check(id) };
      },
    );
    app.get(
      '/api/v1/plugins/:id/config/schema',
      {
        schema: {
          summary: 'JSON Schema of what stands under plugins.<id>.config.',
          params: idParams,
          response: { 200: z.record(z.string(), z.unknown()) },
        },
      },
      async ({ params: { id } }) => {
        await detailOf(id);
        const definition = catalog.definitions.get(id);
        if (!definition) {
          throw new AtollError(
            'conflict',
            `The code of "${id}" was not loaded, so its options are not known.`,
            {
              plugin: id,
              hint: 'Enable it first.',
            },
          );
        }
        const schema = definition.config ?? z.strictObject({});
        return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
      },
    );
  });
}

function unknownPlugin(id: string): AtollError {
  return new AtollError('not_found', `There is no plugin "${id}".`, {
    hint: 'GET /api/v1/plugins lists them.',
  });
}
