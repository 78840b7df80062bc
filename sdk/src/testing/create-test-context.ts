import { loadCoreTesting } from './load-core-testing.js';
import type { TestContext, TestContextOptions } from './test-context.js';

/**
 * Opens the parts of a plugin's context that need no host: for tests of one class or function, where a whole host
 * would be in the way. They are the host's own, with time and the network under the test's control.
 * Needs `@atoll/core` among the plugin's devDependencies.
 */
export async function createTestContext(options: TestContextOptions = {}): Promise<TestContext> {
  const core = await loadCoreTesting('createTestContext');
  return core.createTestContext(options);
}
