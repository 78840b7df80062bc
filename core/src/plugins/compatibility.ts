import { API_VERSION, type Manifest } from '@atoll/sdk';
import satisfies from 'semver/functions/satisfies.js';

export interface PackageFacts {
  manifest: Manifest;
  /** The range of `peerDependencies["@atoll/sdk"]`, if it names one. */
  sdkRange: string | undefined;
  /** The package's regular dependencies. */
  dependencies: Readonly<Record<string, string>>;
  /** The range of `engines.node`, if it names one. */
  nodeRange: string | undefined;
}

export interface HostFacts {
  sdkVersion: string;
  nodeVersion: string;
}

/** The oldest API that this host still serves: the current one and the one before, from 1 on. */
const OLDEST_API = Math.max(1, API_VERSION - 1);

/** Why a package cannot run on this host, with the cure; null when it can. */
export function incompatibility(plugin: PackageFacts, host: HostFacts): string | null {
  const { apiVersion } = plugin.manifest;
  if (apiVersion > API_VERSION) {
    return `needs plugin API ${apiVersion}, and this host offers ${API_VERSION}: update Atoll`;
  }
  if (apiVersion < OLDEST_API) {
    return `is written for plugin API ${apiVersion}, and this host needs at least ${OLDEST_API}: update the plugin`;
  }
  if (plugin.dependencies['@atoll/sdk'] !== undefined) {
    return "lists @atoll/sdk under dependencies: move it to peerDependencies, so that it shares the host's";
  }
  if (
    plugin.sdkRange !== undefined &&
    !satisfies(host.sdkVersion, plugin.sdkRange, { includePrerelease: true })
  ) {
    return `needs @atoll/sdk ${plugin.sdkRange}, and this host has ${host.sdkVersion}: update the plugin or Atoll`;
  }
  if (plugin.nodeRange !== undefined && !satisfies(host.nodeVersion, plugin.nodeRange)) {
    return `needs Node ${plugin.nodeRange}, and this is ${host.nodeVersion}: update Node`;
  }
  if (!plugin.manifest.storage.includes('sqlite')) {
    return 'runs on PostgreSQL only, and this host stores in SQLite';
  }
  return null;
}
