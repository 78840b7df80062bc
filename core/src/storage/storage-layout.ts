import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One database of the data folder, and where the copies are that migrations make of it. */
export interface DatabasePlace {
  /** `host`, or the plugin's id. */
  name: string;
  /** Set for a plugin's database. */
  plugin?: string;
  file: string;
  backupDir: string;
}

/** Place of the host's own database in the folder `dir`. */
export function hostPlace(dir: string): DatabasePlace {
  return { name: 'host', file: join(dir, 'host.db'), backupDir: join(dir, 'backups', 'migrations') };
}

/** Place of a plugin's database in the folder `dir`. */
export function pluginPlace(dir: string, plugin: string): DatabasePlace {
  return {
    name: plugin,
    plugin,
    file: join(dir, 'plugins', `${plugin}.db`),
    backupDir: join(dir, 'backups', 'migrations', 'plugins'),
  };
}

/** Every database that is there: the host's first, then the plugins' by name. */
export function existingPlaces(dir: string): DatabasePlace[] {
  const plugins = filesIn(join(dir, 'plugins'))
    .filter((name) => name.endsWith('.db'))
    .map((name) => pluginPlace(dir, name.slice(0, -'.db'.length)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return filesIn(dir).includes('host.db') ? [hostPlace(dir), ...plugins] : plugins;
}

function filesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}
