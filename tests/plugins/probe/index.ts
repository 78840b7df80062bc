import { AtollError, column, definePlugin, NotReadyError, z } from '@atoll/sdk';

interface Tables {
  notes: { id: string; text: string };
}

/** A plugin that does on request what the end-to-end tests want to see. Its entry is TypeScript as it is. */
export default definePlugin({
  id: 'probe',
  name: 'Probe',
  config: z.strictObject({
    apiKey: z
      .string()
      .min(8)
      .optional()
      .meta({ title: 'API key', env: ['PROBE_API_KEY'], secret: true }),
    upstream: z.string().optional().meta({ title: 'Upstream, with its password', secret: true }),
    limit: z.int().min(1).max(10).default(5).meta({ title: 'Limit' }),
  }),
  migrations: {
    '001_notes': {
      up: (db) =>
        db.schema
          .createTable('notes')
          .addColumn('id', ...column.id())
          .addColumn('text', 'text', (text) => text.notNull())
          .execute(),
    },
  },
  commands: [
    {
      name: 'notes',
      description: 'count the notes',
      async run(context) {
        const { count } = await context.request<{ count: number }>('GET', '/api/plugins/probe/notes');
        context.print({ count }, (value) => `${value.count} notes`);
      },
    },
  ],
  setup(ctx) {
    const db = ctx.storage.db<Tables>();
    const seen = ctx.metrics.counter({
      name: 'atoll_probe_seen_total',
      help: 'Requests seen, by what they brought',
      labels: ['word'],
    });

    ctx.health.check('upstream', () => {
      ctx.logger.debug({ service: 'upstream', apiKey: ctx.config.apiKey }, 'asked the upstream');
      return { status: 'healthy' };
    });

    ctx.check(async () => [{ name: 'upstream', status: 'healthy', message: `it is ${ctx.config.upstream}` }]);

    ctx.http.routes((app) => {
      const echoed = z.object({ word: z.string() });
      app.get(
        '/echo/:word',
        { schema: { summary: 'Says a word back', params: echoed, response: { 200: echoed } } },
        ({ params: { word } }) => {
          seen.inc({ word });
          ctx.logger.info(`heard ${word}`);
          return { word };
        },
      );
      app.get(
        '/notes',
        { schema: { summary: 'Counts the notes', response: { 200: z.object({ count: z.int() }) } } },
        async () => ({ count: (await db.selectFrom('notes').select('id').execute()).length }),
      );
      app.post(
        '/notes',
        {
          schema: {
            summary: 'Keeps a note',
            body: z.strictObject({ text: z.string() }),
            response: { 201: z.object({ id: z.string() }) },
          },
        },
        async ({ body: { text } }, reply) => {
          const id = crypto.randomUUID();
          await db.insertInto('notes').values({ id, text }).execute();
          return reply.code(201).send({ id });
        },
      );
      // Both fail on purpose, the first as a plugin says it, the second as a bug would.
      app.get('/refuse', () => {
        throw new AtollError('conflict', `the key ${ctx.config.apiKey} is in use`, { hint: 'Wait.' });
      });
      app.get('/boom', () => {
        throw new TypeError(`a bug that holds ${ctx.config.apiKey}`);
      });
      app.post('/generate', async (_request, reply) => reply.code(202).send(await ctx.jobs.run('quick')));
    });

    ctx.jobs.define({
      name: 'quick',
      title: 'A quick job',
      input: z.strictObject({ times: z.int().min(1).max(5).default(1) }),
      overlap: 'queue',
      run: async ({ input, logger, progress }) => {
        logger.info(
          { service: 'upstream', url: `http://example.org/?token=${ctx.config.apiKey}` },
          'counting',
        );
        await ctx.timed('count', () => progress(0.5, 'counting', `up to ${input.times}`));
        return { counted: input.times };
      },
    });
    ctx.jobs.define({
      name: 'fail',
      run: () => {
        throw new NotReadyError(`the upstream refused ${ctx.config.apiKey}`);
      },
    });
    // Its first life waits to be ended; one that runs again after an interruption has nothing left to do.
    ctx.jobs.define({
      name: 'wait',
      title: 'Waits to be ended',
      overlap: 'queue',
      onInterrupt: 'retry',
      run: async ({ trigger, signal, progress }) => {
        progress(0.25, 'waiting');
        if (trigger !== 'retry') await aborted(signal);
        return { trigger };
      },
    });
    ctx.jobs.define({
      name: 'wait-once',
      schedule: { cron: '0 4 * * *' },
      run: ({ signal }) => aborted(signal),
    });
    ctx.jobs.define({ name: 'stubborn', graceMs: 600_000, run: () => new Promise<void>(() => undefined) });
  },
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
