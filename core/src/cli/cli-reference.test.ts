import { expect, it } from 'vitest';
import { cliReference } from './cli-reference.fixture.js';

// After a change of a command: vitest run --project unit core/src/cli/cli-reference.test.ts -u
it('docs/reference/cli.md is what the commands declare', async () => {
  await expect(await cliReference()).toMatchFileSnapshot('../../../docs/reference/cli.md');
});
