import type { Command } from 'commander';
import type { CliContext } from './cli-context.js';

/** Makes the context of a command when it runs, from the options before and after its name. */
export type OpenContext = (command: Command) => CliContext;

/**
 * Declares a command, or a group of them, under `program`. What runs may return an exit code; without one it is 0.
 * A declaration imports nothing heavy: all of them are read for `--help`.
 */
export type DeclareCommand = (program: Command, action: BindAction) => void;

/** Turns a command's function into what commander calls. */
export type BindAction = <A extends unknown[]>(
  run: (context: CliContext, ...args: A) => Promise<number | undefined | void>,
) => (...args: [...A, Command]) => Promise<void>;
