import { setTimeout as sleep } from 'node:timers/promises';
import type { Disposer } from '@atoll/sdk';
import type { DiscoveredPlugin } from '../plugins/discovered-plugin.js';

/** A stream that a command writes to. */
export interface CliStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export type EndSignal = 'SIGINT' | 'SIGTERM';

/** The world around a command, so that tests can be that world. */
export interface CliIo {
  readonly stdout: CliStream;
  readonly stderr: CliStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The plugins there are, instead of looking for them. */
  readonly plugins?: readonly DiscoveredPlugin[];
  /** Waits, keeping the process alive. */
  sleep(ms: number): Promise<void>;
  /** Calls `listener` when the user or the system asks the process to end, instead of ending it. */
  onSignal(listener: (signal: EndSignal) => void): Disposer;
  /** Calls `listener` with an error that nobody caught, in the scope it was thrown in, instead of ending the process. */
  onUncaught(listener: (error: unknown) => void): Disposer;
  /** Ends the process at once, for a second signal. */
  abort(exitCode: number): void;
}

/** The real world. */
export function processIo(): CliIo {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    sleep: (ms) => sleep(ms),
    onSignal: (listener) => {
      process.on('SIGINT', listener).on('SIGTERM', listener);
      return () => void process.off('SIGINT', listener).off('SIGTERM', listener);
    },
    onUncaught: (listener) => {
      process.on('uncaughtException', listener);
      return () => void process.off('uncaughtException', listener);
    },
    abort: (exitCode) => process.exit(exitCode),
  };
}

/** Whoever reads our output may stop before its end (`atoll jobs history | head`); that is no failure of ours. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
