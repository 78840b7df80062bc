import { Command } from 'commander';
import type { GlobalOptions } from './cli-context.js';

/** The program with the options that every command takes; `-V` prints `version`. */
export function createProgram(version: string): Command {
  return new Command('atoll')
    .description('A plugin-based automation host for self-hosters')
    .version(version, '-V, --version', 'print the version')
    .option('-c, --config <file>', 'config file (ATOLL_CONFIG)')
    .option('-d, --data <folder>', 'data folder (ATOLL_DATA_DIR)')
    .option('--url <url>', 'address of a running host (ATOLL_URL); default: the socket in the data folder')
    .option('--token <token>', 'API token for --url (ATOLL_TOKEN)')
    .option('--plugin <folder>', 'a plugin to load besides the installed ones; may be repeated', collect)
    .option('--json', 'print results and errors as JSON')
    .configureHelp({ showGlobalOptions: true });
}

const withValue = new Set(['-c', '--config', '-d', '--data', '--url', '--token', '--plugin']);

/** The name of the command in `args`, and the global options around it, read before any command is declared. */
export function peek(args: readonly string[]): { command: string | undefined; options: GlobalOptions } {
  const options: GlobalOptions = {};
  let command: string | undefined;
  for (let at = 0; at < args.length && args[at] !== '--'; at++) {
    const arg = args[at] ?? '';
    const [flag = '', inline] = arg.split(/=(.*)/s, 2);
    if (arg === '--json') options.json = true;
    else if (withValue.has(flag)) set(options, flag, inline ?? args[++at] ?? '');
    else if (!arg.startsWith('-')) command ??= arg;
  }
  return { command, options };
}

function set(options: GlobalOptions, flag: string, value: string): void {
  if (flag === '--plugin') options.plugin = collect(value, options.plugin);
  else if (flag === '-c' || flag === '--config') options.config = value;
  else if (flag === '-d' || flag === '--data') options.data = value;
  else if (flag === '--url') options.url = value;
  else options.token = value;
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
