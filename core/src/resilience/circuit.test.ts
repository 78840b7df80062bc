import { AtollError, UpstreamError } from '@atoll/sdk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { Circuit } from './circuit.js';

const down = () => Promise.reject(new UpstreamError('upstream_refused', 'refused', { service: 's' }));
const up = () => Promise.resolve('ok');
const notFound = () =>
  Promise.reject(new UpstreamError('upstream_status', '404', { service: 's', upstreamStatus: 404 }));
const cancelled = () => Promise.reject(new AtollError('cancelled', 'cancelled'));

function circuit(threshold = 3) {
  const clock = new FakeClock();
  const changes: string[] = [];
  const own = new Circuit(
    { threshold, resetMs: 60_000 },
    { clock, onChange: (state, failures) => void changes.push(`${state} ${failures}`) },
  );
  const run = (call: () => Promise<unknown>) =>
    own
      .run(call, () => new AtollError('circuit_open', 'open'))
      .then(
        () => 'ok',
        (error: AtollError) => error.code,
      );
  const open = async () => {
    for (let i = 0; i < threshold; i++) await run(down);
  };
  return { clock, own, run, changes, open };
}

describe('a circuit', () => {
  test('opens after failures in a row and then refuses at once', async () => {
    const { own, run, changes, open, clock } = circuit();
    await open();
    expect(own).toMatchObject({ state: 'open', failures: 3, openedAt: clock.now(), waitMs: 60_000 });
    expect(await run(up)).toBe('circuit_open');
    expect(changes).toEqual(['open 3']);
  });

  test('starts to count anew after a success, and after any answer', async () => {
    const { own, run } = circuit();
    for (const answer of [up, notFound]) {
      await run(down);
      await run(down);
      await run(answer);
    }
    await run(down);
    expect(own).toMatchObject({ state: 'closed', failures: 1 });
  });

  test('lets one call probe after its time, refuses the others meanwhile, and closes on success', async () => {
    const { own, run, changes, open, clock } = circuit();
    await open();
    await clock.advance(59_999);
    expect(await run(up)).toBe('circuit_open');
    await clock.advance(1);
    expect(own.state).toBe('half-open');
    const gate = Promise.withResolvers<void>();
    const probe = run(() => gate.promise);
    expect(await run(up)).toBe('circuit_open');
    gate.resolve();
    expect(await probe).toBe('ok');
    expect(own).toMatchObject({ state: 'closed', failures: 0, openedAt: null, nextProbeAt: null });
    expect(changes).toEqual(['open 3', 'closed 0']);
  });

  test('stays open for another period when the probe fails', async () => {
    const { own, run, open, clock } = circuit();
    await open();
    await clock.advance(60_000);
    expect(await run(down)).toBe('upstream_refused');
    expect(own).toMatchObject({ state: 'open', failures: 4, waitMs: 60_000 });
    await clock.advance(60_000);
    expect(await run(up)).toBe('ok');
  });

  test('takes an answer that is no failure of the upstream for a successful probe', async () => {
    const { own, run, open, clock } = circuit();
    await open();
    await clock.advance(60_000);
    await run(notFound);
    expect(own.state).toBe('closed');
  });

  test('lets the next call probe when the probe was cancelled', async () => {
    const { own, run, open, clock, changes } = circuit();
    await open();
    await clock.advance(60_000);
    expect(await run(cancelled)).toBe('cancelled');
    expect(own).toMatchObject({ state: 'half-open', failures: 3 });
    expect(await run(down)).toBe('upstream_refused');
    expect(own.state).toBe('open');
    expect(changes).toEqual(['open 3', 'open 4']);
  });

  test('does not count cancelled calls', async () => {
    const { own, run } = circuit();
    for (let i = 0; i < 10; i++) await run(cancelled);
    expect(own).toMatchObject({ state: 'closed', failures: 0 });
    await run(down);
    await run(cancelled);
    expect(own.failures).toBe(1);
  });

  test('ignores how calls end that began before it opened', async () => {
    const { own, run, open, clock } = circuit();
    const late = Promise.withResolvers<never>();
    const lateSuccess = Promise.withResolvers<string>();
    const calls = [run(() => late.promise), run(() => lateSuccess.promise)];
    await open();
    await clock.advance(60_000);
    const gate = Promise.withResolvers<string>();
    const probe = run(() => gate.promise);
    late.reject(new UpstreamError('upstream_refused', 'refused', { service: 's' }));
    lateSuccess.resolve('ok');
    await Promise.all(calls);
    expect(own.state).toBe('half-open');
    gate.resolve('ok');
    await probe;
    expect(own.state).toBe('closed');
  });

  test('is closed by a reset, whatever a probe under way then says', async () => {
    const { own, run, open, clock, changes } = circuit();
    await open();
    await clock.advance(60_000);
    const gate = Promise.withResolvers<never>();
    const probe = run(() => gate.promise);
    own.reset();
    expect(own).toMatchObject({ state: 'closed', failures: 0, openedAt: null });
    gate.reject(new UpstreamError('upstream_refused', 'refused', { service: 's' }));
    await probe;
    expect(own).toMatchObject({ state: 'closed', failures: 0 });
    expect(changes).toEqual(['open 3', 'closed 0']);
  });

  test('does not care when the wall clock is set back', async () => {
    const { run, open, clock } = circuit();
    await open();
    clock.set(0);
    await clock.advance(60_000);
    expect(await run(up)).toBe('ok');
  });

  test('agrees with a plain model of it, whatever happens in which order', async () => {
    const steps = fc.array(fc.constantFrom('up', 'down', 'notFound', 'cancelled', 'wait'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, async (events) => {
        const { own, run, clock } = circuit(2);
        let failures = 0;
        let due: number | undefined;
        for (const event of events) {
          if (event === 'wait') {
            await clock.advance(25_000);
          } else if (due !== undefined && clock.monotonic() < due) {
            expect(await run(up)).toBe('circuit_open');
          } else {
            await run({ up, down, notFound, cancelled }[event]);
            if (event === 'down') {
              failures += 1;
              if (due !== undefined || failures >= 2) due = clock.monotonic() + 60_000;
            } else if (event !== 'cancelled') {
              failures = 0;
              due = undefined;
            }
          }
          const expected = due === undefined ? 'closed' : clock.monotonic() < due ? 'open' : 'half-open';
          expect(own.state).toBe(expected);
        }
      }),
      { numRuns: 50 },
    );
  });
});
