import { definePlugin, type PluginDefinition, z } from '@atoll/sdk';
import type { DiscoveredPlugin } from '../plugins/discovered-plugin.js';

const definition = definePlugin({
  id: 'radio',
  name: 'Radio',
  config: z.strictObject({
    url: z
      .string()
      .default('')
      .meta({ env: ['RADIO_URL'] }),
  }),
  migrations: {
    '001_songs': { up: (db) => db.schema.createTable('songs').addColumn('id', 'text').execute() },
  },
  commands: [
    {
      name: 'tune',
      description: 'find a station',
      args: '<station> [more...]',
      options: [
        { flags: '--loud', description: 'so that all hear it' },
        { flags: '--band <band>', description: 'fm or am', default: 'fm' },
      ],
      run: async ({ args, options, print }) => {
        print({ args, options }, () => `tuned to ${args.join('+')}`);
        return options.loud === true ? 4 : undefined;
      },
    },
    {
      name: 'play',
      description: 'play something',
      run: async ({ runJob, request, print }) => {
        const run = await runJob('radio/play', { title: 'Blue' });
        const { items } = await request<{ items: { id: string }[] }>('GET', '/api/v1/jobs');
        print(
          { run, jobs: items.map(({ id }) => id) },
          () => `${run.outcome}: ${JSON.stringify(run.result)}`,
        );
      },
    },
  ],
  setup(ctx) {
    ctx.check(async () => [
      ctx.config.url === ''
        ? { name: 'tower', status: 'healthy', message: 'on air' }
        : {
            name: 'tower',
            status: 'unhealthy',
            message: `no tower at ${ctx.config.url}`,
            hint: 'Look outside.',
          },
    ]);
    ctx.jobs.define({
      name: 'play',
      title: 'Play',
      input: z.strictObject({ title: z.string().default('silence') }),
      run: ({ input, progress }) => {
        progress(0.5, 'play', input.title);
        if (input.title === 'noise') throw new Error('that hurts');
        return { played: input.title };
      },
    });
  },
});

/** A plugin in memory that has a setting, a migration, a connection, a job and two commands. */
export function radioPlugin(): DiscoveredPlugin {
  return {
    id: 'radio',
    packageName: 'atoll-plugin-radio',
    version: '1.2.3',
    description: 'Radio stations',
    origin: 'local',
    directory: '',
    manifest: {
      apiVersion: 1,
      entry: './index.js',
      capabilities: [],
      storage: ['sqlite'],
      jobs: {},
      uses: [],
      provides: [],
    },
    incompatible: null,
    load: async () => definition as PluginDefinition,
  };
}
