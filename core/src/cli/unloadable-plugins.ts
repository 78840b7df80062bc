import { isAtollError } from '@atoll/sdk';
import type { Catalog } from '../boot/catalog.js';

/** A plugin whose code cannot be loaded, so that nothing is known of its settings, migrations and commands. */
export interface UnloadablePlugin {
  id: string;
  message: string;
  hint: string | null;
}

/** The plugins that should have been loaded with `everything` and were not, with the reason of each. */
export async function unloadablePlugins(catalog: Catalog): Promise<UnloadablePlugin[]> {
  const missing = catalog.plugins.filter(
    ({ id, incompatible }) => !incompatible && !catalog.definitions.has(id),
  );
  const reasons = await Promise.all(
    missing.map(async (plugin): Promise<UnloadablePlugin[]> => {
      try {
        await plugin.load();
        return [];
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return [{ id: plugin.id, message, hint: isAtollError(error) ? (error.hint ?? null) : null }];
      }
    }),
  );
  return reasons.flat();
}
