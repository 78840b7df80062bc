import { definePlugin, z } from '@atoll/sdk';

export default definePlugin({
  id: 'hello',
  name: 'Hello',
  config: z.strictObject({
    greeting: z
      .string()
      .default('Hello')
      .meta({ title: 'Greeting', env: ['HELLO_GREETING'] }),
  }),
  setup(ctx) {
    const greeted = ctx.metrics.counter({ name: 'atoll_hello_greetings_total', help: 'Greetings given' });

    ctx.http.routes((app) => {
      app.get(
        '/greet/:name',
        {
          schema: {
            params: z.object({ name: z.string().max(50) }),
            response: { 200: z.object({ text: z.string() }) },
          },
        },
        ({ params }) => {
          greeted.inc();
          return { text: `${ctx.config.greeting}, ${params.name}.` };
        },
      );
    });

    ctx.jobs.define({
      name: 'wave',
      schedule: { cron: '0 9 * * *' },
      run: ({ logger }) => logger.info(`${ctx.config.greeting}, everyone.`),
    });
  },
});
