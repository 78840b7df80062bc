import type { z } from 'zod';
import type { PluginCommand } from './commands.js';
import type { ConfigSchema } from './config.js';
import type { PluginContext } from './context.js';
import type { Migrations } from './storage.js';

/** A plugin: what it is called, what it can be told, and how it registers itself. */
export interface PluginDefinition<C extends ConfigSchema = ConfigSchema> {
  /** Equals the manifest's id. */
  id: string;
  /** What people read. */
  name: string;
  /** A strict object; the whole of it must have defaults, so that the plugin can start unconfigured. */
  config?: C;
  migrations?: Migrations;
  /** Commands under `atoll <id> …`; readable without starting the plugin. */
  commands?: readonly PluginCommand[];
  /** Registers everything through `ctx`. It must not wait for an upstream. */
  setup(ctx: PluginContext<z.output<C>>): void | Promise<void>;
}

/** Declares a plugin; the default export of its entry. */
export function definePlugin<C extends ConfigSchema>(definition: PluginDefinition<C>): PluginDefinition<C> {
  return Object.freeze(definition);
}
