import type { ConnectionResult } from '@atoll/sdk';
import type { CliContext } from '../cli-context.js';
import type { DeclareCommand } from '../command.js';
import { exitCodes } from '../exit-codes.js';
import { listAll } from '../list-all.js';
import { formatTable } from '../table.js';

interface PluginItem {
  id: string;
  name: string;
  version: string;
  state: string;
  reason: string | null;
  health: string | null;
}

export const declarePlugins: DeclareCommand = (program, action) => {
  const plugins = program.command('plugins').description('list plugins and change their state');
  plugins.command('list').description('list all plugins with their state').action(action(list));
  plugins
    .command('check')
    .description("run a running plugin's connection tests")
    .argument('<id>')
    .action(action(check));
  plugins
    .command('enable')
    .description('start a plugin that is disabled')
    .argument('<id>')
    .action(action((context: CliContext, id: string) => change(context, id, 'enable')));
  plugins
    .command('disable')
    .description('stop a plugin and keep it stopped')
    .argument('<id>')
    .action(action((context: CliContext, id: string) => change(context, id, 'disable')));
  plugins
    .command('restart')
    .description('stop and start a plugin, with those that use it')
    .argument('<id>')
    .action(action((context: CliContext, id: string) => change(context, id, 'restart')));
};

async function list(context: CliContext): Promise<void> {
  const items = await listAll<PluginItem>(await context.host(), '/api/v1/plugins');
  context.print(items, (plugins) =>
    formatTable(
      ['ID', 'NAME', 'VERSION', 'STATE', 'HEALTH', 'REASON'],
      plugins.map((plugin) => [
        plugin.id,
        plugin.name,
        plugin.version,
        plugin.state,
        plugin.health,
        plugin.reason,
      ]),
    ),
  );
}

async function check(context: CliContext, id: string): Promise<number> {
  const host = await context.host();
  const { items } = await host.request<{ items: ConnectionResult[] }>('POST', pathOf(id, 'check'));
  context.print(items, describeResults);
  return items.every(({ status }) => status === 'healthy') ? exitCodes.ok : exitCodes.failed;
}

async function change(
  context: CliContext,
  id: string,
  action: 'enable' | 'disable' | 'restart',
): Promise<void> {
  const host = await context.host();
  const plugin = await host.request<PluginItem>('POST', pathOf(id, action));
  context.print(plugin, ({ state, reason }) => `${id} is ${state}${reason === null ? '' : `: ${reason}`}`);
  if (action === 'restart') return;
  context.note(
    `This holds until the host restarts; to keep it, set plugins.${id}.enabled: ${action === 'enable'} in the config file.`,
  );
}

function describeResults(results: readonly ConnectionResult[]): string {
  if (results.length === 0) return 'It has no connections to test.';
  return formatTable(
    ['CONNECTION', 'STATUS', 'MESSAGE', 'HINT'],
    results.map(({ name, status, message, hint }) => [name, status, message ?? null, hint ?? null]),
  );
}

function pathOf(id: string, action: string): string {
  return `/api/v1/plugins/${encodeURIComponent(id)}/${action}`;
}
