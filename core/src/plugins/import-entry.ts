import { AtollError, sdkEvaluations } from '@atoll/sdk';
import { within } from './effect-stack.js';
import { shareHostModules } from './share-host-modules.js';

/** An entry may await something at its top; it must not hold up the host. Milliseconds of real time. */
const importMs = 10_000;

/** Imports follow each other: of two at the same time, nobody could tell which one evaluated an SDK. */
let importing: Promise<unknown> = Promise.resolve();

/** Entries whose evaluation has not ended. */
const unfinished = new Set<string>();

/** Entries that bring an SDK. A module is evaluated once, so the next import of one would not show it. */
const bundling = new Set<string>();

/**
 * Imports a plugin's entry, with the host's copies of what they share.
 *
 * @param entry as the manifest names it
 * @param url of the same file
 * @throws AtollError `plugin_failed` when it cannot be loaded, `plugin_incompatible` when it brings an SDK of its own
 */
export function importEntry(id: string, entry: string, url: string): Promise<{ default?: unknown }> {
  const turn = importing.then(() => importAlone(id, entry, url));
  importing = turn.catch(() => undefined);
  return turn;
}

async function importAlone(id: string, entry: string, url: string): Promise<{ default?: unknown }> {
  shareHostModules();
  const before = sdkEvaluations();
  let module: { default?: unknown } | undefined;
  let failure: unknown;
  try {
    module = await evaluate(url);
  } catch (error) {
    failure = error;
  }
  if (sdkEvaluations() > before) bundling.add(url);
  // A second SDK is often why an entry fails, so it is told first.
  if (bundling.has(url)) {
    throw new AtollError('plugin_incompatible', `${id}: it bundles a copy of @atoll/sdk of its own`, {
      plugin: id,
      cause: failure,
      hint: 'List @atoll/sdk under peerDependencies and mark it external in the bundler (tsup: bundle: false).',
    });
  }
  if (module) return module;
  const why = failure instanceof Error ? failure.message : String(failure);
  throw new AtollError('plugin_failed', `${id}: its entry ${entry} cannot be loaded: ${why}`, {
    plugin: id,
    cause: failure,
    hint: 'Build the plugin, or reinstall it.',
  });
}

async function evaluate(url: string): Promise<{ default?: unknown }> {
  // It was waited for in vain before, and another import would wait for the same evaluation.
  if (unfinished.has(url)) throw new Error(`its evaluation did not end within ${importMs} ms`);
  unfinished.add(url);
  const evaluated = (import(url) as Promise<{ default?: unknown }>).finally(() => unfinished.delete(url));
  return within(importMs, 'its evaluation did not end', () => evaluated);
}
