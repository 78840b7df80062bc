import type { CommandContext, PluginCommand, RunRecord } from '@atoll/sdk';
import type { Command } from 'commander';
import type { DiscoveredPlugin } from '../plugins/discovered-plugin.js';
import type { CliContext } from './cli-context.js';
import type { BindAction } from './command.js';
import { acceptRun, followRun } from './follow-run.js';
import type { HostGateway } from './host-gateway.js';
import { createRunProgress } from './run-progress.js';

/** The plugins there are. None of their code runs for it. */
export async function findPlugins({
  io,
  dataDir,
  location,
}: CliContext): Promise<readonly DiscoveredPlugin[]> {
  if (io.plugins) return io.plugins;
  const { discoverPlugins } = await import('../plugins/discover-plugins.js');
  return (await discoverPlugins({ dataDir, paths: location.pluginPaths })).plugins;
}

/** Declares `atoll <plugin> …`; the plugin's code is loaded for that. */
export async function declarePluginCommands(
  program: Command,
  action: BindAction,
  plugin: DiscoveredPlugin,
): Promise<void> {
  const { id, description } = plugin;
  const { commands = [] } = await plugin.load();
  const group = program.command(id).description(description);
  if (commands.length === 0) {
    group.action(action(async (context) => context.note(`The plugin ${id} has no commands.`)));
  }
  for (const command of commands) declareOne(group, action, id, command);
}

function declareOne(group: Command, action: BindAction, plugin: string, command: PluginCommand): void {
  const declared = group.command(command.name).description(command.description);
  for (const argument of command.args?.split(/\s+/).filter(Boolean) ?? []) declared.argument(argument);
  for (const { flags, description, default: fallback } of command.options ?? []) {
    declared.option(flags, description, fallback);
  }
  declared.action(
    action(async (context: CliContext, ...given: unknown[]) => {
      const options = given.pop() as CommandContext['options'];
      const args = given.flat().filter((arg): arg is string => typeof arg === 'string');
      return runCommand(context, plugin, command, { options, args });
    }),
  );
}

async function runCommand(
  context: CliContext,
  plugin: string,
  command: PluginCommand,
  given: Pick<CommandContext, 'options' | 'args'>,
): Promise<number | undefined> {
  let opened: Promise<HostGateway> | undefined;
  // A command that needs no host starts none.
  const host = (): Promise<HostGateway> => {
    opened ??= import('./in-process-gateway.js').then(({ openHostFor }) => openHostFor(plugin, context));
    return opened;
  };
  try {
    const code = await command.run({
      ...given,
      request: async (method, path, body) => (await host()).request(method, path, body),
      runJob: async (job, input = {}) => runJob(await host(), context, job, input),
      print: (value, render) => context.print(value, render),
    });
    return code ?? undefined;
  } finally {
    await (await opened?.catch(() => undefined))?.close();
  }
}

async function runJob(
  host: HostGateway,
  context: CliContext,
  job: string,
  input: unknown,
): Promise<RunRecord> {
  const runId = await acceptRun(host, job, input);
  return followRun(host, runId, context.io, await createRunProgress(context));
}
