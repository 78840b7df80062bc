import { Catalog } from '../boot/catalog.js';
import type { CliContext } from './cli-context.js';
import { unloadablePlugins } from './unloadable-plugins.js';

/** The catalog with the disabled plugins too. Of a plugin that cannot be loaded, it notes what will be missing. */
export async function openFullCatalog(context: CliContext): Promise<Catalog> {
  const catalog = await Catalog.open({ ...context.location, everything: true });
  for (const { id, message } of await unloadablePlugins(catalog)) {
    context.note(`The plugin ${id} is left out: ${message}`);
  }
  return catalog;
}
