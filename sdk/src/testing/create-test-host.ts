import { AtollError } from '../errors.js';
import type { TestHost, TestHostOptions } from './test-host.js';

interface CoreTesting {
  createTestHost(options: TestHostOptions): Promise<TestHost>;
}

/**
 * Boots the real host in memory with the given plugins and waits until each has settled.
 * Needs `@atoll/core` among the plugin's devDependencies.
 */
export async function createTestHost(options: TestHostOptions): Promise<TestHost> {
  const core: string = '@atoll/core/testing';
  let testing: CoreTesting;
  try {
    testing = (await import(core)) as CoreTesting;
  } catch (cause) {
    throw new AtollError('dependency_missing', 'createTestHost needs @atoll/core', {
      cause,
      hint: 'Add it with: npm install --save-dev @atoll/core',
    });
  }
  return testing.createTestHost(options);
}
