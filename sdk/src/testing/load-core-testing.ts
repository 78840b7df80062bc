import { AtollError } from '../errors.js';
import type { TestContext, TestContextOptions } from './test-context.js';
import type { TestHost, TestHostOptions } from './test-host.js';

/** What `@atoll/core/testing` exports. */
interface CoreTesting {
  createTestHost(options: TestHostOptions): Promise<TestHost>;
  createTestContext(options: TestContextOptions): Promise<TestContext>;
}

/** Loads the host's side of testing, for `user` to work with. By name at run time: the contract needs no host. */
export async function loadCoreTesting(user: string): Promise<CoreTesting> {
  const core: string = '@atoll/core/testing';
  try {
    return (await import(core)) as CoreTesting;
  } catch (cause) {
    throw new AtollError('dependency_missing', `${user} needs @atoll/core`, {
      cause,
      hint: 'Add it with: npm install --save-dev @atoll/core',
    });
  }
}
