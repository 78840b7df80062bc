import type { PluginContext } from '../context.js';
import type { Migrations } from '../storage.js';
import type { TestClock } from './test-clock.js';
import type { TestHost, TestHostOptions } from './test-host.js';

export interface TestContextOptions
  extends Pick<TestHostOptions, 'now' | 'timezone' | 'network' | 'dataDir'> {
  /** Of the plugin's database; they have run when the context is there. Default none. */
  migrations?: Migrations;
}

/**
 * What a plugin's context has without a host: storage in memory, protection of calls, metrics, a log, a clock. Routes,
 * jobs, events, services and health need `createTestHost`.
 */
export interface TestContext
  extends Pick<PluginContext, 'logger' | 'storage' | 'resilience' | 'metrics' | 'timezone' | 'signal'>,
    Pick<TestHost, 'logs' | 'metric'>,
    AsyncDisposable {
  readonly clock: TestClock;
  /** Aborts `signal`, ends the calls under way, and closes the storage. */
  stop(): Promise<void>;
}
