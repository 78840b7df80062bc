import { z } from 'zod';

/** The version of the contract between host and plugin. The host supports this and the one before. */
export const API_VERSION = 1;

/** Lower-case letters, digits and `-`: path segment, job prefix, metric label and storage name. */
export const pluginIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and "-", starting with a letter');

/** The `atoll` field of a plugin's package.json: what the host knows without running the plugin's code. */
export const manifestSchema = z.strictObject({
  apiVersion: z.int().min(1),
  /** The plugin's id; default: the package's name without scope and `plugin-`. */
  id: pluginIdSchema.optional(),
  entry: z.string(),
  configSchema: z.string().optional(),
  /** What it reaches outside the host, shown before it is enabled: `net`, `exec:<program>`. */
  capabilities: z.array(z.string()).default([]),
  storage: z.array(z.enum(['sqlite', 'postgres'])).default(['sqlite']),
  /** Worker job modules by name. */
  jobs: z.record(z.string(), z.string()).default({}),
  /** Ids of plugins whose services it needs. */
  uses: z.array(pluginIdSchema).default([]),
  /** Names of the services it provides. */
  provides: z.array(z.string()).default([]),
});

export type Manifest = z.output<typeof manifestSchema>;
