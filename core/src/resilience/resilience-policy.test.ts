import { getEventListeners } from 'node:events';
import { AtollError, type PolicyCall, type PolicyOptions, UpstreamError } from '@atoll/sdk';
import { describe, expect, test } from 'vitest';
import { failureOf, resilienceFixture } from './resilience.fixture.js';

const refused = () => new UpstreamError('upstream_refused', 'it refused', { service: 's' });
const limited = (retryAfterMs?: number) =>
  new UpstreamError('upstream_rate_limited', 'too many', { service: 's', upstreamStatus: 429, retryAfterMs });
const status = (upstreamStatus: number) =>
  new UpstreamError('upstream_status', `status ${upstreamStatus}`, { service: 's', upstreamStatus });

/** A call that fails with each of `errors` in turn and then succeeds, and notes when it was tried. */
function scripted(fixture: ReturnType<typeof resilienceFixture>, errors: unknown[]) {
  const tries: number[] = [];
  const left = [...errors];
  const start = fixture.clock.monotonic();
  const call = async () => {
    tries.push(fixture.clock.monotonic() - start);
    if (left.length > 0) throw left.shift();
    return 'ok';
  };
  return { call, tries };
}

function policy(options?: PolicyOptions) {
  const fixture = resilienceFixture();
  return { ...fixture, fixture, policy: fixture.resilience.policy('s', options) };
}

/** A call that ends only when it is aborted, and not even then when `deaf`. */
function hanging(deaf = false) {
  let signal: AbortSignal | undefined;
  const call = (context: PolicyCall) =>
    new Promise<never>((_, reject) => {
      signal = context.signal;
      if (!deaf) context.signal.addEventListener('abort', () => reject(new Error('noticed')));
    });
  return { call, signal: () => signal! };
}

describe('retries', () => {
  test('wait 1 and 2 seconds and end after three attempts', async () => {
    const { fixture, clock, policy: own } = policy();
    const { call, tries } = scripted(fixture, [refused(), refused(), refused()]);
    const failure = failureOf(own.execute(call));
    await clock.advance(10_000);
    expect(await failure).toMatchObject({ code: 'upstream_refused' });
    expect(tries).toEqual([0, 1000, 3000]);
  });

  test('double their wait up to its maximum', async () => {
    const {
      fixture,
      clock,
      policy: own,
    } = policy({
      retry: { attempts: 6, initialDelayMs: 1000, maxDelayMs: 5000 },
      circuit: false,
    });
    const { call, tries } = scripted(fixture, Array.from({ length: 5 }, refused));
    const answer = own.execute(call);
    await clock.advance(60_000);
    expect(await answer).toBe('ok');
    expect(tries).toEqual([0, 1000, 3000, 7000, 12_000, 17_000]);
  });

  test.each([
    [0, 800],
    [1, 1200],
  ])('vary their wait by a fifth (%d)', async (random, expected) => {
    const fixture = resilienceFixture({ random: () => random });
    const { call, tries } = scripted(fixture, [refused()]);
    const answer = fixture.resilience.policy('s').execute(call);
    await fixture.clock.advance(2000);
    await answer;
    expect(tries[1]).toBeCloseTo(expected);
  });

  test('wait as long as the upstream asks, but no longer than the maximum', async () => {
    const { fixture, clock, policy: own } = policy({ retry: { maxDelayMs: 20_000 } });
    const { call, tries } = scripted(fixture, [limited(7000), limited(3_600_000)]);
    const answer = own.execute(call);
    await clock.advance(60_000);
    expect(await answer).toBe('ok');
    expect(tries).toEqual([0, 7000, 27_000]);
  });

  test.each([
    ['a 404', status(404)],
    ['a 500', status(500)],
    ['a mistake in the plugin', new TypeError('x is undefined')],
    ['a cancelled call', new AtollError('cancelled', 'c')],
  ])('are not made after %s', async (_name, error) => {
    const { fixture, policy: own } = policy();
    const { call, tries } = scripted(fixture, [error]);
    expect(await failureOf(own.execute(call))).toBe(error);
    expect(tries).toHaveLength(1);
  });

  test.each([
    ['502', status(502)],
    ['503', status(503)],
    ['504', status(504)],
    ['a timeout', new AtollError('timed_out', 't')],
    ['a network error of Node', Object.assign(new Error('connect'), { code: 'ECONNRESET' })],
  ])('are made after %s', async (_name, error) => {
    const { fixture, clock, policy: own } = policy();
    const { call } = scripted(fixture, [error]);
    const answer = own.execute(call);
    await clock.advance(1000);
    expect(await answer).toBe('ok');
  });

  test('follow the condition of the policy', async () => {
    const {
      fixture,
      clock,
      policy: own,
    } = policy({ retry: { when: (error) => error instanceof TypeError } });
    const { call, tries } = scripted(fixture, [new TypeError('odd'), refused()]);
    const failure = failureOf(own.execute(call));
    await clock.advance(10_000);
    expect(await failure).toMatchObject({ code: 'upstream_refused' });
    expect(tries).toHaveLength(2);
  });

  test('do not happen where they are switched off', async () => {
    const { fixture, policy: own } = policy({ retry: false });
    const { call, tries } = scripted(fixture, [refused()]);
    await failureOf(own.execute(call));
    expect(tries).toHaveLength(1);
  });

  test('end with the real failure when it opens the circuit', async () => {
    const { fixture, policy: own, clock } = policy({ circuit: { threshold: 2 }, retry: { attempts: 5 } });
    const { call, tries } = scripted(fixture, [refused(), refused()]);
    const failure = failureOf(own.execute(call));
    await clock.advance(1000);
    expect(await failure).toMatchObject({ code: 'upstream_refused' });
    expect(tries).toHaveLength(2);
    expect(await failureOf(own.execute(call))).toMatchObject({ code: 'circuit_open' });
  });
});

describe('the circuit of a policy', () => {
  test('opens after five failures, tells why and until when, and recovers', async () => {
    const { fixture, policy: own, clock, lines } = policy({ retry: false });
    const { call } = scripted(
      fixture,
      Array.from({ length: 5 }, () => status(500)),
    );
    for (let i = 0; i < 5; i++) await failureOf(own.execute(call));
    const error = await failureOf(own.execute(call));
    expect(error.message).toBe(
      'demo: calls to "s" are suspended after 5 failures in a row, the next try is at 2026-01-05T12:01:00.000Z (in 60 s); the last one: status 500',
    );
    expect(own.circuit).toBe('open');
    await clock.advance(60_000);
    expect(await own.execute(call)).toBe('ok');
    expect(own.circuit).toBe('closed');
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'warn: "s" keeps failing, its circuit is open',
      'info: "s" is back, its circuit is closed',
    ]);
  });

  test('takes the defaults of the host', async () => {
    const other = resilienceFixture().open('other', { threshold: 1, resetMs: 10 });
    const own = other.policy('s', { retry: false });
    await failureOf(own.execute(() => Promise.reject(refused())));
    expect(own.circuit).toBe('open');
  });
});

describe('the timeout of a policy', () => {
  test('aborts the signal of the attempt and ends it, also where the call is deaf', async () => {
    for (const deaf of [false, true]) {
      const { policy: own, clock } = policy({ timeoutMs: 5000, retry: false });
      const { call, signal } = hanging(deaf);
      const failure = failureOf(own.execute(call));
      await clock.advance(5000);
      expect(await failure).toMatchObject({
        code: 'timed_out',
        message: 'demo: "s" took longer than 5000 ms',
      });
      expect(signal().aborted).toBe(true);
    }
  });

  test('counts for each attempt anew', async () => {
    const { policy: own, clock } = policy({ timeoutMs: 5000 });
    const signals: AbortSignal[] = [];
    const answer = own.execute(({ attempt, signal }) => {
      signals.push(signal);
      return attempt === 3 ? Promise.resolve('ok') : new Promise(() => {});
    });
    await clock.advance(13_000);
    expect(await answer).toBe('ok');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
  });

  test('is 30 seconds unless said otherwise, and none where it is false', async () => {
    const { resilience, clock } = resilienceFixture();
    const usual = failureOf(resilience.policy('a', { retry: false }).execute(hanging().call));
    const patient = resilience.policy('b', { timeoutMs: false });
    const gate = Promise.withResolvers<string>();
    const answer = patient.execute(() => gate.promise);
    await clock.advance(3_600_000);
    expect(await usual).toMatchObject({ code: 'timed_out' });
    gate.resolve('at last');
    expect(await answer).toBe('at last');
  });
});

describe('a cancelled call', () => {
  test('rejects at once, is not retried, and counts for nothing', async () => {
    const { policy: own, service, clock } = policy();
    for (let i = 0; i < 6; i++) {
      const { call, signal } = hanging(true);
      const caller = new AbortController();
      const failure = failureOf(own.execute(call, { signal: caller.signal }));
      await clock.advance(0);
      caller.abort(new Error('not needed any more'));
      expect(await failure).toMatchObject({ code: 'cancelled', cause: { message: 'not needed any more' } });
      expect(signal().aborted).toBe(true);
    }
    expect(service.state()).toMatchObject([
      { circuit: 'closed', failures: 0, lastError: null, calls: { succeeded: 0, failed: 0, retried: 0 } },
    ]);
  });

  test('ends a wait for the next attempt', async () => {
    const { fixture, policy: own, clock } = policy();
    const { call } = scripted(fixture, [refused()]);
    const caller = new AbortController();
    const failure = failureOf(own.execute(call, { signal: caller.signal }));
    await clock.advance(500);
    caller.abort();
    expect(await failure).toMatchObject({ code: 'cancelled' });
    expect(clock.pending).toBe(0);
  });

  test('never begins when its signal has aborted before', async () => {
    const { fixture, policy: own } = policy();
    const { call, tries } = scripted(fixture, []);
    await failureOf(own.execute(call, { signal: AbortSignal.abort() }));
    expect(tries).toEqual([]);
  });
});

describe('the bulkhead of a policy', () => {
  test('refuses what does not fit, without counting it against the upstream', async () => {
    const { policy: own, service } = policy({
      bulkhead: { concurrency: 1, queue: 1 },
      circuit: { threshold: 1 },
    });
    const gate = Promise.withResolvers<void>();
    const calls = [own.execute(() => gate.promise), own.execute(() => gate.promise)];
    expect(await failureOf(own.execute(() => gate.promise))).toMatchObject({
      code: 'bulkhead_full',
      message: 'demo: "s" has 1 calls under way and 1 waiting, no more fit',
    });
    expect(service.state()[0]).toMatchObject({ bulkhead: { running: 1, queued: 1 }, circuit: 'closed' });
    gate.resolve();
    await Promise.all(calls);
  });
});

describe('the cache of a policy', () => {
  test('keeps answers by key, and forgets them on demand', async () => {
    const { policy: own } = policy({ cache: { ttlMs: 1000 } });
    let calls = 0;
    const ask = () => own.execute(async () => ++calls, { key: 'k' });
    expect([await ask(), await ask()]).toEqual([1, 1]);
    own.invalidate('k');
    expect(await ask()).toBe(2);
  });

  test('leaves calls without a key alone', async () => {
    const { policy: own } = policy({ cache: { ttlMs: 1000 } });
    let calls = 0;
    for (let i = 0; i < 2; i++) await own.execute(async () => ++calls);
    expect(calls).toBe(2);
  });
});

describe('a thousand calls', () => {
  test('leave no timers and no listeners', async () => {
    const { resilience, stop, clock } = resilienceFixture();
    const own = resilience.policy('s', { bulkhead: { concurrency: 50 }, cache: { ttlMs: 1000 } });
    const caller = new AbortController();
    const calls = Array.from({ length: 1000 }, (_, i) =>
      own
        .execute(
          async ({ attempt }) => {
            if (i % 10 === 0) throw new TypeError('no');
            if (i % 97 === 0 && attempt === 1) throw refused();
            return i;
          },
          { signal: caller.signal, key: i % 2 ? `k${i % 100}` : undefined },
        )
        .catch(() => undefined),
    );
    await clock.advance(120_000);
    await Promise.all(calls);
    expect(clock.pending).toBe(0);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
    await resilience.dispose();
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  });
});
