import type { DeclareCommand } from './command.js';

/** The commands by name. Only the one that is asked for is imported; help imports all. */
export const commandLoaders: ReadonlyMap<string, () => Promise<DeclareCommand>> = new Map(
  Object.entries({
    start: async () => (await import('./commands/start.js')).declareStart,
    init: async () => (await import('./commands/init.js')).declareInit,
    check: async () => (await import('./commands/check.js')).declareCheck,
    schema: async () => (await import('./commands/schema.js')).declareSchema,
    migrate: async () => (await import('./commands/migrate.js')).declareMigrate,
    plugins: async () => (await import('./commands/plugins.js')).declarePlugins,
    jobs: async () => (await import('./commands/jobs.js')).declareJobs,
    token: async () => (await import('./commands/token.js')).declareToken,
  }),
);
