import { type Budget, type PolicyOptions, UpstreamError } from '@atoll/sdk';
import { describe, expect, test } from 'vitest';
import { failureOf, resilienceFixture } from './resilience.fixture.js';

const limited = () =>
  new UpstreamError('upstream_rate_limited', 'too many', { service: 's', upstreamStatus: 429 });
const status = (upstreamStatus: number) =>
  new UpstreamError('upstream_status', `status ${upstreamStatus}`, { service: 's', upstreamStatus });

/** A call that fails with each of `errors` in turn and then succeeds. */
function scripted(errors: unknown[]) {
  const left = [...errors];
  return async () => {
    if (left.length > 0) throw left.shift();
    return 'ok';
  };
}

describe('the budget of a policy', () => {
  function budgeted(options: PolicyOptions = {}) {
    const fixture = resilienceFixture();
    const budget = fixture.resilience.budget('day', { limit: 10, per: 'day' });
    return { ...fixture, budget, policy: fixture.resilience.policy('s', { ...options, budget }) };
  }

  test('is charged once for a call with several attempts', async () => {
    const { policy: own, clock, budget } = budgeted();
    const answer = own.execute(scripted([status(503)]));
    await clock.advance(1000);
    await answer;
    expect(await budget.remaining()).toBe(9);
  });

  test('is given back after a rate limit that stays', async () => {
    const { policy: own, clock, budget } = budgeted();
    const failure = failureOf(own.execute(scripted([limited(), limited(), limited()])));
    await clock.advance(10_000);
    expect(await failure).toMatchObject({ code: 'upstream_rate_limited' });
    expect(await budget.remaining()).toBe(10);
  });

  test('is kept after a failure that may have cost something', async () => {
    const { policy: own, budget } = budgeted({ retry: false });
    await failureOf(own.execute(scripted([status(500)])));
    await failureOf(own.execute(scripted([new TypeError('bad answer')])));
    expect(await budget.remaining()).toBe(8);
  });

  test('is given back when nothing reached the upstream', async () => {
    const { policy: own, budget } = budgeted({
      retry: false,
      circuit: { threshold: 1 },
      bulkhead: { concurrency: 1, queue: 0 },
    });
    const gate = Promise.withResolvers<void>();
    const running = own.execute(() => gate.promise);
    await budget.remaining();
    expect(await failureOf(own.execute(() => gate.promise))).toMatchObject({ code: 'bulkhead_full' });
    gate.resolve();
    await running;
    const connect = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', syscall: 'connect' });
    await failureOf(own.execute(() => Promise.reject(connect)));
    expect(await failureOf(own.execute(() => gate.promise))).toMatchObject({ code: 'circuit_open' });
    expect(await budget.remaining()).toBe(9);
  });

  test('refuses the call when it is used up', async () => {
    const { policy: own, budget, service } = budgeted();
    await budget.take(10);
    const error = await failureOf(own.execute(() => Promise.resolve('ok')));
    expect(error).toMatchObject({ code: 'budget_exhausted' });
    expect(await service.budgets()).toEqual([
      { plugin: 'demo', name: 'day', limit: 10, remaining: 0, renewsAt: '2026-01-05T23:00:00.000Z' },
    ]);
  });

  test('is not charged for what the cache answers', async () => {
    const { policy: own, budget } = budgeted({ cache: { ttlMs: 1000 } });
    for (let i = 0; i < 3; i++) await own.execute(async () => 'ok', { key: 'k' });
    expect(await budget.remaining()).toBe(9);
  });

  test('is given back when the caller leaves before anything was sent', async () => {
    const caller = new AbortController();
    let refunds = 0;
    let calls = 0;
    const budget: Budget = {
      name: 'slow',
      limit: 1,
      take: async () => {
        caller.abort();
        return { refund: async () => void refunds++ };
      },
      remaining: async () => 1,
    };
    const own = resilienceFixture().resilience.policy('s', { budget });
    const failure = await failureOf(own.execute(async () => ++calls, { signal: caller.signal }));
    expect(failure).toMatchObject({ code: 'cancelled' });
    expect([calls, refunds]).toEqual([0, 1]);
  });

  test('does not hide the failure when it cannot be given back', async () => {
    const { policy: own, kv, lines } = budgeted({ retry: false });
    const failure = failureOf(
      own.execute(() => {
        kv.failing = true;
        return Promise.reject(limited());
      }),
    );
    expect(await failure).toMatchObject({ code: 'upstream_rate_limited' });
    expect(lines.at(-1)).toMatchObject({ level: 'warn', message: 'a budget was not given back' });
  });
});
