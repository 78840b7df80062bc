import type { ConnectionResult } from '@atoll/sdk';
import { isServing, type PluginState } from '../plugins/plugin-state.js';
import type { CliContext } from './cli-context.js';
import type { HostGateway } from './host-gateway.js';
import { listAll } from './list-all.js';

/** How the connection tests of one plugin went. */
export interface PluginConnections {
  plugin: string;
  /** Why there are no results; null when there are. */
  failure: string | null;
  results: ConnectionResult[];
}

interface PluginItem {
  id: string;
  state: PluginState;
  reason: string | null;
}

/** Tests the connections of all enabled plugins, on the running host, or on one started for this alone. */
export async function checkConnections(context: CliContext): Promise<PluginConnections[]> {
  const host = (await context.runningHost()) ?? (await startAll(context));
  try {
    const plugins = await listAll<PluginItem>(host, '/api/v1/plugins');
    return await Promise.all(
      plugins.filter(({ state }) => state !== 'disabled').map((plugin) => checkPlugin(host, plugin)),
    );
  } finally {
    await host.close();
  }
}

async function startAll(context: CliContext): Promise<HostGateway> {
  const { InProcessGateway } = await import('./in-process-gateway.js');
  return InProcessGateway.start(context);
}

async function checkPlugin(host: HostGateway, { id, state, reason }: PluginItem): Promise<PluginConnections> {
  if (!isServing(state)) {
    const text = state.replaceAll('_', ' ');
    return {
      plugin: id,
      failure: reason === null ? `it is ${text}` : `it is ${text}: ${reason}`,
      results: [],
    };
  }
  try {
    const path = `/api/v1/plugins/${encodeURIComponent(id)}/check`;
    const { items } = await host.request<{ items: ConnectionResult[] }>('POST', path);
    return { plugin: id, failure: null, results: items };
  } catch (error) {
    return { plugin: id, failure: error instanceof Error ? error.message : String(error), results: [] };
  }
}
