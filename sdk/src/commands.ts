import type { RunRecord } from './jobs.js';

export interface CommandOption {
  /** As commander writes it, for example `--dry-run` or `--seed <number>`. */
  flags: string;
  description: string;
  default?: string | boolean;
}

/** What a plugin's command can reach: a running host, or one started just for it. */
export interface CommandContext {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly args: readonly string[];
  /** Calls the host's HTTP API; fails with the answer's problem as an AtollError. */
  request<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** Runs a job to its end, showing progress on a terminal. `job` is the full id, `<plugin>/<name>`. */
  runJob(job: string, input?: unknown): Promise<RunRecord>;
  /** Writes `value` as JSON when `--json` was given, else the text that `render` makes of it. */
  print<T>(value: T, render: (value: T) => string): void;
}

/** A command under `atoll <plugin> <name>`. It may set the process's exit code by returning it. */
export interface PluginCommand {
  name: string;
  description: string;
  /** Positional arguments as commander writes them, for example `<id>`. */
  args?: string;
  options?: readonly CommandOption[];
  run(context: CommandContext): Promise<number | undefined> | Promise<void>;
}
