import type { Clock } from '@atoll/sdk';
import { TokenStore } from '../auth/token-store.js';
import { EventBus } from '../events/event-bus.js';
import { HealthService } from '../health/health-service.js';
import { registerHostChecks } from '../health/host-checks.js';
import { FrontDoor } from '../http/front-door.js';
import { HttpMetrics } from '../http/http-metrics.js';
import type { JobEvent } from '../jobs/job-events.js';
import { JobService } from '../jobs/job-service.js';
import { createLogging, type Logging } from '../logging/logging.js';
import { MetricsService } from '../metrics/metrics-service.js';
import { EffectStack } from '../plugins/effect-stack.js';
import type { PluginStanding } from '../plugins/plugin-manager.js';
import { ServiceRegistry } from '../plugins/service-registry.js';
import { ResilienceService } from '../resilience/resilience-service.js';
import { currentScope, enterScope } from '../scope/execution-scope.js';
import { acquireOwner } from '../storage/owner.js';
import { Storage } from '../storage/storage.js';
import type { Catalog } from './catalog.js';
import { runFinished } from './host-events.js';
import { type HostTables, hostMigrations } from './host-migrations.js';
import type { HostOptions } from './host-options.js';
import type { Startup } from './startup.js';

/** The parts of a host, joined; nothing listens, fires or runs yet. */
export interface HostParts {
  readonly options: HostOptions;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly logging: Logging;
  readonly storage: Storage;
  readonly metrics: MetricsService;
  readonly httpMetrics: HttpMetrics;
  readonly health: HealthService;
  readonly events: EventBus;
  readonly resilience: ResilienceService;
  readonly jobs: JobService;
  readonly frontDoor: FrontDoor;
  readonly tokens: TokenStore;
  readonly services: ServiceRegistry;
  /** What to undo when the host stops, last registered first. */
  readonly effects: EffectStack;
}

const closeMs = 10_000;

/** Opens all parts in the order they need each other. Closes again what it opened when one of them cannot. */
export async function openParts(
  options: HostOptions,
  {
    clock,
    catalog,
    startup,
    describe,
  }: { clock: Clock; catalog: Catalog; startup: Startup; describe(plugin: string): PluginStanding | null },
): Promise<HostParts> {
  const effects = new EffectStack();
  const own = <T>(label: string, part: T, close: (part: T) => void | Promise<void>): T => {
    effects.add(label, () => close(part));
    return part;
  };
  try {
    const { host: settings, dataDir, secrets } = catalog.config;
    if (!options.memory)
      own('data folder', await startup.step('own the data folder', () => acquireOwner(dataDir)), (it) =>
        it.release(),
      );
    const logging = own('log', openLogging(options, clock, catalog), (it) => it.close());
    logging.addSecrets(secrets.values);
    const { logger } = logging;
    const storage = own(
      'storage',
      await startup.step('open the storage', () =>
        Storage.open({ dataDir, url: settings.storage.url, memory: options.memory, clock, logger }),
      ),
      (it) => it.close(),
    );
    const db = await startup.step('migrate the host', () => storage.host<HostTables>(hostMigrations));
    const metrics = own('metrics', new MetricsService({ logger, clock }), (it) => it.dispose());
    const events = own('events', new EventBus({ clock, logger }), (it) => it.dispose());
    if (options.onEvent) events.observe(options.onEvent);
    const health = own(
      'health',
      new HealthService({ clock, logger, metrics: metrics.host, redact: logging.redact }),
      (it) => it.stop(),
    );
    const resilience = new ResilienceService({
      clock,
      logger,
      metrics: metrics.host,
      timezone: settings.timezone,
      denyNetwork: options.network !== undefined,
      allow: options.network,
    });
    const tokens = await startup.step('read the tokens', () => TokenStore.open({ db, clock, logger }));
    const jobs = new JobService({
      db,
      clock,
      logger,
      metrics: metrics.host,
      timezone: settings.timezone,
      enter: enterScope,
      correlationId: () => currentScope().correlationId,
      onEvent: (event) => announce(events, event),
      redact: logging.redact,
    });
    effects.add(
      'host checks',
      registerHostChecks(health.host, {
        dataDir: options.memory ? null : storage.dir,
        queryDatabase: () => db.selectFrom('auth_tokens').select('id').limit(1).execute(),
        jobs: () => jobs.health(),
        circuits: () => resilience.state(),
        eventLoopDelay: metrics.eventLoopDelay,
      }),
    );
    const frontDoor = new FrontDoor({
      clock,
      tokens,
      describe,
      basePath: basePathOf(settings.http.publicUrl),
    });
    return {
      options,
      clock,
      catalog,
      logging,
      storage,
      metrics,
      httpMetrics: new HttpMetrics(metrics),
      health,
      events,
      resilience,
      jobs,
      frontDoor,
      tokens,
      services: new ServiceRegistry(options.swapped),
      effects,
    };
  } catch (error) {
    await effects.unwind(closeMs);
    throw error;
  }
}

/** The path of the public URL without a slash at the end; empty without one. */
function basePathOf(publicUrl: string | null): string {
  return publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/$/, '');
}

function openLogging(options: HostOptions, clock: Clock, catalog: Catalog): Logging {
  const { log, timezone } = catalog.config.host;
  const logging = createLogging({
    level: log.level,
    format: log.format,
    file: log.file ?? undefined,
    maxSizeBytes: log.maxSizeBytes,
    backups: log.backups,
    secrets: catalog.config.secrets.values,
    clock,
    timezone,
    stdout: options.stdout,
  });
  if (options.onLog) logging.subscribe(options.onLog);
  return logging;
}

function announce(events: EventBus, { type, run }: JobEvent): void {
  if (type !== 'finished' || run.outcome === null) return;
  const { id, job, trigger, outcome, error } = run;
  events.host.emit(runFinished, { run: id, job, trigger, outcome, error: error?.message ?? null });
}
