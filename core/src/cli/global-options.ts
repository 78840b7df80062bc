import { Command, Option } from 'commander';
import type { GlobalOptions } from './cli-context.js';

/** The program with the options that every command takes; `-V` prints `version`. */
export function createProgram(version: string): Command {
  return new Command('atoll')
    .description('A plugin-based automation host for self-hosters')
    .version(version, '-V, --version', 'print the version')
    .option('-c, --config <file>', 'config file (ATOLL_CONFIG)')
    .option('-d, --data <folder>', 'data folder (ATOLL_DATA_DIR)')
    .option('--url <url>', 'address of a running host (ATOLL_URL); default: the socket in the data folder')
    .addOption(new Option('--token <token>', 'API token for --url (ATOLL_TOKEN)'))
    .option('--json', 'print results and errors as JSON')
    .configureHelp({ showGlobalOptions: true });
}

const withValue = new Set(['-c', '--config', '-d', '--data', '--url', '--token']);

/** The name of the command in `args`, and the global options before and after it, read without declaring commands. */
export function peek(args: readonly string[]): { command: string | undefined; options: GlobalOptions } {
  const options: Record<string, string | boolean> = {};
  let command: string | undefined;
  for (let at = 0; at < args.length && args[at] !== '--'; at++) {
    const arg = args[at] ?? '';
    const [flag = '', inline] = arg.split(/=(.*)/s, 2);
    if (arg === '--json') options.json = true;
    else if (withValue.has(flag)) options[names[flag] ?? ''] = inline ?? args[++at] ?? '';
    else if (!arg.startsWith('-')) command ??= arg;
  }
  return { command, options };
}

const names: Readonly<Record<string, keyof GlobalOptions>> = {
  '-c': 'config',
  '--config': 'config',
  '-d': 'data',
  '--data': 'data',
  '--url': 'url',
  '--token': 'token',
};
