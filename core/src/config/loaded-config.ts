import type { Schedule } from '@atoll/sdk';
import type { LogLevel } from '../logging/log-line.js';
import type { ConfigProblem } from './config-problem.js';
import type { ValueOrigin } from './config-values.js';

/** The host's settings with every default filled in. */
export interface HostSettings {
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** Without a slash at the end; null where nobody said. */
    readonly publicUrl: string | null;
    readonly trustedProxies: readonly string[];
    readonly shutdownMs: number;
  };
  /** `directory` is absolute: one SQLite file a plugin stands in it. */
  readonly storage: { readonly url: string; readonly directory: string };
  readonly log: {
    readonly level: LogLevel;
    readonly format: 'text' | 'json';
    /** Absolute; null for none. */
    readonly file: string | null;
    readonly maxSizeBytes: number;
    readonly backups: number;
  };
  /** IANA name. */
  readonly timezone: string;
  /** `enabled` false serves no metrics at all; `port` is the second port, null for none. */
  readonly metrics: { readonly enabled: boolean; readonly port: number | null };
  readonly circuit: { readonly threshold: number; readonly resetMs: number };
  /** Null: only on a terminal. */
  readonly showProgress: boolean | null;
  readonly adminToken: string | null;
}

/** What the configuration says about one plugin. */
export interface PluginConfig {
  readonly id: string;
  readonly enabled: boolean;
  readonly required: boolean;
  /** By job name; false: on demand only. */
  readonly schedules: Readonly<Record<string, Schedule | false>>;
  /** The parsed settings; null while `problems` has any. */
  readonly config: Readonly<Record<string, unknown>> | null;
  /** Also found for a disabled plugin, whose problems count for nothing else. */
  readonly problems: readonly ConfigProblem[];
}

/** An environment variable that some setting can come from. */
export interface VariableReport {
  readonly name: string;
  readonly secret: boolean;
  /** Who reads it: a plugin's id or null for the host, and the setting. */
  readonly readers: readonly { readonly plugin: string | null; readonly path: string }[];
  /** Where its value stands; null while it is not set. */
  readonly source: ValueOrigin['source'] | null;
}

/** A setting that the file cannot change, because something stronger sets it. */
export interface OverriddenKey {
  readonly path: string;
  readonly plugin: string | null;
  readonly source: ValueOrigin['source'];
  readonly variable: string | null;
}

export interface LoadedConfig {
  /** Usable even where the host has problems: bad values have given way to defaults, so that they can be told. */
  readonly host: HostSettings;
  readonly plugins: ReadonlyMap<string, PluginConfig>;
  /** Of the host and of every plugin that is enabled. Those with `plugin: null` stop the start. */
  readonly problems: readonly ConfigProblem[];
  /** Things worth a line at the start that stop nothing. */
  readonly notices: readonly string[];
  /** Absolute path; null without a config file. */
  readonly file: string | null;
  readonly envFile: string | null;
  /** Absolute path. */
  readonly dataDir: string;
  readonly variables: readonly VariableReport[];
  readonly overridden: readonly OverriddenKey[];
  /** Every secret of the configuration, to keep out of logs and answers. */
  readonly secrets: { readonly paths: readonly string[]; readonly values: readonly string[] };
}
