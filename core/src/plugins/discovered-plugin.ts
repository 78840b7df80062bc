import type { Manifest, PluginDefinition } from '@atoll/sdk';

/** Where a plugin was found: shipped with the host, a folder named by the user, or installed in the data folder. */
export type PluginOrigin = 'bundled' | 'local' | 'installed';

/** A plugin package as its package.json describes it; none of its code has run. */
export interface DiscoveredPlugin {
  id: string;
  /** The npm package's name. */
  packageName: string;
  version: string;
  description: string;
  origin: PluginOrigin;
  /** Absolute path of the package; empty for a definition handed over in memory. */
  directory: string;
  manifest: Manifest;
  /** Why it cannot run on this host, with the cure; null when it can. */
  incompatible: string | null;
  /** Imports the entry. Throws a `plugin_incompatible` AtollError when it is not what the manifest says. */
  load(): Promise<PluginDefinition>;
}
