import type { TestContext, TestContextOptions } from '@atoll/sdk/testing';
import { FakeClock } from '../clock/fake-clock.js';
import { LogCapture } from '../logging/log-capture.js';
import { createLogging } from '../logging/logging.js';
import { MetricsService } from '../metrics/metrics-service.js';
import { ResilienceService } from '../resilience/resilience-service.js';
import { Storage } from '../storage/storage.js';
import { nowhere } from './nowhere.js';

/** The plugin that the parts are opened for. */
const plugin = 'test';

/** The host's own defaults, which no configuration changes here. */
const circuit = { threshold: 5, resetMs: 60_000 };

/** Opens the parts of a plugin's context that need no host; see `@atoll/sdk/testing`. */
export async function createTestContext(options: TestContextOptions): Promise<TestContext> {
  const { timezone = 'UTC', migrations = {}, network = [], dataDir } = options;
  const clock = new FakeClock(options.now);
  const logs = new LogCapture();
  const logging = createLogging({
    level: 'debug',
    format: 'json',
    clock,
    timezone,
    stdout: { write: () => true },
  });
  logging.subscribe(logs.listener);
  const logger = logging.forPlugin(plugin);

  // Undone from the last to the first, also where one of the next cannot be opened.
  await using opened = new AsyncDisposableStack();
  const files = opened.use(
    await Storage.open({ dataDir: dataDir ?? nowhere, memory: dataDir === undefined, clock, logger }),
  );
  const storage = await files.plugin(plugin, migrations);
  const metrics = opened.adopt(new MetricsService({ logger, clock }), (it) => it.dispose());
  const protection = new ResilienceService({
    clock,
    logger,
    metrics: metrics.host,
    timezone,
    denyNetwork: true,
    allow: network,
  });
  const stop = opened.adopt(new AbortController(), (it) => it.abort());
  const { signal } = stop;
  const resilience = opened.adopt(
    protection.forPlugin(plugin, { logger, signal, kv: storage.kv, circuit }),
    (it) => it.dispose(),
  );
  const open = opened.move();
  const close = (): Promise<void> => open.disposeAsync();
  return {
    clock,
    logger,
    storage,
    resilience,
    metrics: metrics.forPlugin(plugin),
    timezone,
    signal,
    logs: () => logs.lines.map((line) => ({ ...line })),
    metric: (name, labels) => metrics.value(name, labels),
    stop: close,
    [Symbol.asyncDispose]: close,
  };
}
