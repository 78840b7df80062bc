import { expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { Startup } from './startup.js';

it('keeps each step with its duration and outcome, and stops counting when complete', async () => {
  const clock = new FakeClock(Date.UTC(2026, 0, 5));
  const startup = new Startup(clock);
  await startup.step('storage', () => clock.advance(12.34));
  await expect(startup.step('listen', () => Promise.reject(new Error('in use')))).rejects.toThrow('in use');
  startup.add({ name: 'start', plugin: 'octogen', durationMs: 5, outcome: 'done' });
  expect(startup.report()).toMatchObject({ complete: false, startedAt: '2026-01-05T00:00:00.000Z' });
  startup.complete();
  await clock.advance(60_000);
  startup.add({ name: 'start', plugin: 'late', durationMs: 5, outcome: 'done' });
  expect(startup.report()).toEqual({
    complete: true,
    startedAt: '2026-01-05T00:00:00.000Z',
    durationMs: 12.3,
    steps: [
      { name: 'storage', plugin: null, durationMs: 12.3, outcome: 'done' },
      { name: 'listen', plugin: null, durationMs: 0, outcome: 'failed' },
      { name: 'start', plugin: 'octogen', durationMs: 5, outcome: 'done' },
    ],
  });
});
