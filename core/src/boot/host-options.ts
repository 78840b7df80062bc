import type { Clock, EventRecord } from '@atoll/sdk';
import type { LogLine } from '../logging/log-line.js';
import type { LogStream } from '../logging/log-output.js';
import type { CatalogOptions } from './catalog.js';

/** What a host is made with. Where the configuration is, and which plugins there are, says `CatalogOptions`. */
export interface HostOptions extends CatalogOptions {
  clock?: Clock;
  /** Where log lines go besides the configured file. Default: standard output. */
  stdout?: LogStream;
  /** Opens the ports and the socket of the data folder. Default true. */
  listen?: boolean;
  /** Lets schedules fire. Default true; a command that needs one run does without. */
  schedules?: boolean;
  /** Keeps everything in memory. */
  memory?: boolean;
  /** Replaces members of the plugins' contexts, and services, by token. */
  swapped?: ReadonlyMap<symbol, unknown>;
  /** `host:port` that plugins may reach; everything else is refused. Default: no limits. */
  network?: readonly string[];
  /** Hears every log line, and every event, from the first one on. */
  onLog?(line: LogLine): void;
  onEvent?(event: EventRecord): void;
}
