import type { RunRecord } from '@atoll/sdk';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CliWorld } from './cli.fixture.js';
import { CliContext } from './cli-context.js';
import { createRunProgress } from './run-progress.js';

let world: CliWorld;

beforeEach(() => {
  world = new CliWorld();
});

afterEach(() => world[Symbol.asyncDispose]());

const run = (value: number, phase: string): RunRecord => ({
  id: 'r1',
  job: 'octogen/generate',
  trigger: 'cli',
  state: 'running',
  outcome: null,
  scheduledFor: null,
  startedAt: null,
  finishedAt: null,
  attempts: 1,
  progress: { value, phase, message: null },
  input: {},
  result: null,
  error: null,
});

async function shown(isTTY: boolean, json: boolean): Promise<string> {
  let text = '';
  const stderr = {
    isTTY,
    write: (more: string) => {
      text += more;
    },
  };
  const io = {
    stdout: stderr,
    stderr,
    env: world.env,
    cwd: world.cwd,
    sleep: async () => undefined,
    onSignal: () => () => undefined,
    onUncaught: () => () => undefined,
    abort: () => undefined,
  };
  const display = await createRunProgress(new CliContext(io, { json }));
  display.update(run(0.1, 'index'));
  display.update(run(0.1, 'index'));
  display.update(run(0.9, 'write\u001b[2J'));
  display.end();
  return text;
}

it('is a bar on a terminal, which leaves nothing behind', async () => {
  const text = await shown(true, false);
  expect(text).toContain('10% index');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the bar clears its line and shows the cursor again
  expect(text).toMatch(/\u001b\[0?K[^%]*\u001b\[\?25h[^%]*$/);
  expect(text).not.toContain('\u001b[2J');
});

it('is one line for each news elsewhere', async () => {
  expect(await shown(false, false)).toBe('octogen/generate: index\noctogen/generate: write\\x1b[2J\n');
});

it('is off beside JSON, unless SHOW_PROGRESS is set', async () => {
  expect(await shown(true, true)).toBe('');
  world.env = { SHOW_PROGRESS: 'true' };
  expect(await shown(true, true)).toMatch(/^octogen\/generate: index\n/);
});

it('is off with SHOW_PROGRESS=false', async () => {
  world.env = { SHOW_PROGRESS: 'false' };
  expect(await shown(true, false)).toBe('');
});
