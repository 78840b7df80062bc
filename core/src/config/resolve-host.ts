import { join, resolve } from 'node:path';
import type { z } from 'zod';
import type { environmentSettingsSchema } from './environment-settings.js';
import type { hostConfigSchema } from './host-config.js';
import type { HostSettings } from './loaded-config.js';
import { storageDirectory } from './storage-url.js';

/** Port of the metrics where they are asked for and no port is named. */
const METRICS_PORT = 9090;

export interface ResolveHostOptions {
  readonly config: z.output<typeof hostConfigSchema>;
  readonly variables: z.output<typeof environmentSettingsSchema>;
  readonly dataDir: string;
  /** Where relative paths start. */
  readonly cwd: string;
  /** Whether the log level was set by anybody. */
  readonly levelGiven: boolean;
}

/** The host's settings with defaults that depend on each other and on the machine filled in, and paths made absolute. */
export function resolveHost({
  config,
  variables,
  dataDir,
  cwd,
  levelGiven,
}: ResolveHostOptions): HostSettings {
  const { http, storage, log } = config;
  const directory = storage.url === undefined ? dataDir : resolve(cwd, storageDirectory(storage.url));
  const file = log.file ?? (variables.logDir === undefined ? undefined : join(variables.logDir, 'atoll.log'));
  return {
    http: {
      host: http.host,
      port: http.port,
      publicUrl: http.publicUrl ?? null,
      trustedProxies: http.trustedProxies,
      shutdownMs: http.shutdownMs,
    },
    storage: { url: `sqlite:${directory}`, directory },
    log: {
      level: variables.debug && !levelGiven ? 'debug' : log.level,
      format: log.format,
      file: file === undefined ? null : resolve(cwd, file),
      maxSizeBytes: log.maxSize,
      backups: log.backups,
    },
    timezone: config.timezone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    metrics: resolveMetrics(variables.metricsEnabled, variables.metricsPort),
    circuit: { threshold: variables.circuitBreakerThreshold, resetMs: variables.circuitBreakerTimeout },
    showProgress: variables.showProgress ?? null,
    adminToken: variables.adminToken?.trim() ?? null,
  };
}

/** A port of its own opens only when asked for: by its number, or by switching metrics on in so many words. */
function resolveMetrics(enabled: boolean | undefined, port: number | undefined): HostSettings['metrics'] {
  if (enabled === false) return { enabled: false, port: null };
  return { enabled: true, port: port ?? (enabled ? METRICS_PORT : null) };
}
