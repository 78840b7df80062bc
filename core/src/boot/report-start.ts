import type { Logger } from '@atoll/sdk';
import type { PluginView } from '../plugins/plugin-manager.js';
import { isServing } from '../plugins/plugin-state.js';
import { version } from '../version.js';
import type { Catalog } from './catalog.js';

/** Logs what a person wants to know of a host that has just started, and everything that is not in order. */
export function reportStart(
  logger: Logger,
  {
    catalog,
    urls,
    plugins,
    durationMs,
  }: { catalog: Catalog; urls: readonly string[]; plugins: readonly PluginView[]; durationMs: number },
): void {
  const { config } = catalog;
  const address = urls.length > 0 ? urls.join(', ') : 'no port';
  const file = config.file ?? 'none, all defaults';
  logger.info(
    `Atoll ${version} on Node ${process.versions.node}: ${address}, data in ${config.dataDir} (SQLite), config file ${file}; started in ${Math.round(durationMs)} ms`,
  );
  for (const notice of config.notices) logger.warn(notice);
  for (const { message, hint } of catalog.problems)
    logger.warn(hint === null ? message : `${message}. ${hint}`);
  for (const { id, name, version: pluginVersion, state, reason } of plugins) {
    const text = `${name} ${pluginVersion} (${id}) is ${state}${reason === null ? '' : `: ${reason}`}`;
    if (isServing(state) || state === 'disabled') logger.info({ plugin: id }, text);
    else logger.warn({ plugin: id }, text);
  }
}
