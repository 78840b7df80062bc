import type { Command } from 'commander';
import type { BindAction } from './command.js';
import { commandLoaders } from './command-loaders.js';
import { createProgram } from './global-options.js';

const nothing: BindAction = () => async () => undefined;

/** The text of docs/reference/cli.md: what holds for all commands, and each command as it declares itself. */
export async function cliReference(): Promise<string> {
  const program = createProgram('0.0.0');
  for (const load of commandLoaders.values()) (await load())(program, nothing);
  const sections = program.commands.flatMap((command) => describe(command, 'atoll'));
  return `${introduction}\n## Options of every command\n\n${optionTable(program)}\n## Commands\n\n${sections.join('\n')}`;
}

function describe(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`;
  if (command.commands.length > 0) return command.commands.flatMap((inner) => describe(inner, name));
  const usage = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  const meanings = command.registeredArguments
    .filter(({ description }) => description !== '')
    .map((argument) => `- \`${argument.name()}\`: ${argument.description}${fallback(argument.defaultValue)}`);
  const parts = [`### \`${[name, ...usage].join(' ')}\`\n`, `${sentence(command.description())}\n`];
  if (meanings.length > 0) parts.push(`${meanings.join('\n')}\n`);
  if (command.options.length > 0) parts.push(optionTable(command));
  return [parts.join('\n')];
}

function optionTable({ options }: Command): string {
  const rows = options.map(
    ({ flags, description, defaultValue, negate }) =>
      `| \`${flags}\` | ${description}${negate ? '' : fallback(defaultValue)} |`,
  );
  return `| Option | Meaning |\n|---|---|\n${rows.join('\n')}\n`;
}

function fallback(value: unknown): string {
  return value === undefined ? '' : ` (default \`${String(value)}\`)`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const introduction = `# Command line

\`atoll <command>\`. Options may stand before or after the command's name.

**Where the host is.** \`plugins\` and \`jobs\` speak to a running host, through the socket \`atoll.sock\` in the data
folder: whoever may open it, the user that runs the host, needs no token. \`--url\` and \`--token\` (\`ATOLL_URL\`,
\`ATOLL_TOKEN\`) reach a host elsewhere; prefer the variable for the token, since other users see command lines.

**Without a host.** \`init\`, \`check\`, \`schema\`, \`migrate\` and \`token\` work on the config file and the data folder;
\`token\` uses the host if one runs. \`jobs run\` and the commands of plugins start the plugin they need in the process
of the command, with no port and no schedules, and stop it after. A data folder has one owner: what would write to it
beside a running host is refused, naming the process.

**Commands of plugins.** A plugin adds commands under its id, for example \`atoll octogen generate --dry-run\`;
\`atoll octogen --help\` lists them.

**Output.** Results go to standard output, everything else to standard error, so that a result can be piped. With
\`--json\` a result is one JSON value; an error is one document
\`{type, title, status, detail, code, hint, errors, error}\` on standard error. [Error codes](errors.md) lists the codes,
and \`usage\` stands for a wrong command line. Long work shows a bar on a terminal and plain lines elsewhere;
\`SHOW_PROGRESS=false\` turns both off. \`DEBUG=1\` adds stacks to errors.

**Signals.** The first Ctrl+C or SIGTERM ends things in order: \`start\` lets requests and runs end, \`jobs run\` cancels
its run and waits for it. The second one ends the process at once.

| Exit code | Meaning |
|---|---|
| 0 | done |
| 1 | it was tried and failed; a run that did not succeed; problems found by \`check\` |
| 2 | the command line or the input is wrong; nothing was tried |
| 3 | refused: no right, another owner of the data folder, a state or policy that forbids it |
`;
