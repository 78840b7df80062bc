import type { Command } from 'commander';
import type { CliContext } from './cli-context.js';

/**
 * Declares a command, or a group of them, under `program`.
 * A declaration imports nothing heavy: all of them are read for `--help`.
 */
export type DeclareCommand = (program: Command, action: BindAction) => void;

/** What a command does. It may return an exit code; without one it is 0. */
export type CommandBody<A extends unknown[]> = (
  context: CliContext,
  ...args: A
) => Promise<number | undefined> | Promise<void>;

/** Turns what a command does into what commander calls. */
export type BindAction = <A extends unknown[]>(
  body: CommandBody<A>,
) => (...args: [...A, Command]) => Promise<void>;
