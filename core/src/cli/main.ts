import { type Command, CommanderError } from 'commander';
import { version } from '../version.js';
import { CliContext, type GlobalOptions } from './cli-context.js';
import { type CliIo, processIo } from './cli-io.js';
import type { BindAction, CommandBody } from './command.js';
import { commandLoaders } from './command-loaders.js';
import { exitCodes } from './exit-codes.js';
import { createProgram, peek } from './global-options.js';

/** Runs one command line, without the program's name, to its end. Resolves to the exit code and never throws. */
export async function main(args: readonly string[], io: CliIo = processIo()): Promise<number> {
  const { command, options } = peek(args);
  const json = options.json === true;
  try {
    return await run(args, io, { command, options });
  } catch (error) {
    const { exitCodeOf } = await import('./exit-code-of.js');
    const { reportError } = await import('./report-error.js');
    if (!(error instanceof CommanderError)) {
      reportError(error, io, json);
      return exitCodeOf(error);
    }
    // Help and version end this way too, and commander has said everything that is not JSON.
    if (error.exitCode === 0) return exitCodes.ok;
    if (json) reportError(await usageError(error), io, json);
    return exitCodes.usage;
  }
}

async function run(args: readonly string[], io: CliIo, peeked: ReturnType<typeof peek>): Promise<number> {
  const program = createProgram(version);
  speakThrough(program, io, peeked.options.json === true);
  let exitCode: number = exitCodes.ok;
  const action: BindAction = <A extends unknown[]>(body: CommandBody<A>) => {
    return async (...given: [...A, Command]) => {
      const declared = given.at(-1) as Command;
      const context = new CliContext(io, declared.optsWithGlobals<GlobalOptions>());
      // Types cannot say "all but the last".
      const own = given.slice(0, -1) as unknown as A;
      exitCode = (await body(context, ...own)) ?? exitCodes.ok;
    };
  };
  await declareCommands(program, action, io, peeked);
  await program.parseAsync(args, { from: 'user' });
  return exitCode;
}

/** Declares the one command that is asked for, or all of them, for help and for suggestions. */
async function declareCommands(
  program: Command,
  action: BindAction,
  io: CliIo,
  { command, options }: ReturnType<typeof peek>,
): Promise<void> {
  const load = command === undefined ? undefined : commandLoaders.get(command);
  if (load) return (await load())(program, action);
  const { declarePluginCommands, findPlugins } = await import('./plugin-commands.js');
  const plugins = await findPlugins(new CliContext(io, options));
  const plugin = plugins.find(({ id }) => id === command);
  if (plugin) return declarePluginCommands(program, action, plugin);
  for (const declare of commandLoaders.values()) (await declare())(program, action);
  for (const { id, description } of plugins) {
    // A command of the host keeps its name, whatever a plugin is called.
    if (!commandLoaders.has(id))
      program.command(id).description(`commands of the plugin: ${description || id}`);
  }
}

/** Lets commander write to `io`, in our words, and never end the process. */
function speakThrough(program: Command, io: CliIo, json: boolean): void {
  program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void (json || io.stderr.write(text)),
      outputError: (text, write) => write(`atoll: ${text.replace(/^error: /, '')}`),
    })
    .showHelpAfterError('  hint: see "atoll --help", or --help after the name of a command');
}

async function usageError(error: CommanderError): Promise<Error> {
  const { AtollError } = await import('@atoll/sdk');
  return new AtollError('usage', error.message.replace(/^error: /, ''), {
    hint: 'See "atoll --help".',
    status: 400,
  });
}
