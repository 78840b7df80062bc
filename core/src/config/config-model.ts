import { type ConfigSchema, configJsonSchema } from '@atoll/sdk';
import { z } from 'zod';
import type { ConfigPath } from './config-path.js';
import type { JsonSchemaNode } from './describe-type.js';
import { hostConfigSchema, pluginEntrySchema } from './host-config.js';

/** A plugin as far as its configuration goes. */
export interface ConfigurablePlugin {
  readonly id: string;
  /** What people read. */
  readonly name: string;
  /** Null for a plugin that takes no settings. */
  readonly schema: ConfigSchema | null;
  /** Where the plugin came from, for messages about its schema. */
  readonly source: string;
}

/** The whole config file as one schema: the host's part and that of every plugin. */
export class ConfigModel {
  readonly plugins: readonly ConfigurablePlugin[];
  readonly schema: z.ZodObject;
  #jsonSchema: JsonSchemaNode | undefined;

  constructor(plugins: readonly ConfigurablePlugin[]) {
    this.plugins = plugins;
    const entries = plugins.map((plugin) => [
      plugin.id,
      pluginEntrySchema
        .extend({ config: pluginSchema(plugin).prefault({}).meta({ title: 'Settings' }) })
        .prefault({})
        .meta({
          title: plugin.name,
        }),
    ]);
    this.schema = hostConfigSchema.extend({
      plugins: z.strictObject(Object.fromEntries(entries)).prefault({}).meta({
        title: 'Plugins',
        description: 'Plugins by id. One that is not named runs on its defaults.',
      }),
    });
  }

  /** Made on first use: only problems and generated files need it. */
  get jsonSchema(): JsonSchemaNode {
    this.#jsonSchema ??= configJsonSchema(this.schema) as JsonSchemaNode;
    return this.#jsonSchema;
  }
}

/** The schema of a plugin's settings. */
export function pluginSchema(plugin: ConfigurablePlugin): ConfigSchema {
  return plugin.schema ?? z.strictObject({});
}

/** Where the settings of a plugin stand. */
export function settingsPath(id: string): ConfigPath {
  return ['plugins', id, 'config'];
}

/** The plugin whose part of the file `path` stands in; null for the host's part. */
export function pluginAt(path: ConfigPath): string | null {
  return path[0] === 'plugins' && typeof path[1] === 'string' ? path[1] : null;
}
