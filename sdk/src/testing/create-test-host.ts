import { loadCoreTesting } from './load-core-testing.js';
import type { TestHost, TestHostOptions } from './test-host.js';

/**
 * Boots the real host in memory with the given plugins and waits until each has settled.
 * Needs `@atoll/core` among the plugin's devDependencies.
 */
export async function createTestHost(options: TestHostOptions): Promise<TestHost> {
  const core = await loadCoreTesting('createTestHost');
  return core.createTestHost(options);
}
