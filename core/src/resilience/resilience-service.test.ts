import { UpstreamError } from '@atoll/sdk';
import { describe, expect, test } from 'vitest';
import { failureOf, resilienceFixture } from './resilience.fixture.js';

const refused = () => new UpstreamError('upstream_refused', 'it refused', { service: 's' });

describe('the state of all policies', () => {
  test('shows each with its circuit, bulkhead, cache, calls and last error', async () => {
    const { resilience, service, clock } = resilienceFixture();
    resilience.policy('plain', { circuit: false });
    const own = resilience.policy('armed', {
      retry: false,
      circuit: { threshold: 1 },
      bulkhead: { concurrency: 2 },
      cache: { ttlMs: 1000 },
    });
    await own.execute(async () => 'ok', { key: 'k' });
    await own.execute(async () => 'ok', { key: 'k' });
    await failureOf(own.execute(() => Promise.reject(refused())));
    await clock.advance(1000);
    expect(service.state()).toEqual([
      {
        plugin: 'demo',
        name: 'armed',
        circuit: 'open',
        failures: 1,
        openedAt: '2026-01-05T12:00:00.000Z',
        nextProbeAt: '2026-01-05T12:01:00.000Z',
        bulkhead: { running: 0, queued: 0 },
        cache: { entries: 1, hits: 1, misses: 1, coalesced: 0, evictions: 0 },
        calls: { succeeded: 1, failed: 1, retried: 0 },
        lastError: { code: 'upstream_refused', message: 'it refused', at: '2026-01-05T12:00:00.000Z' },
      },
      {
        plugin: 'demo',
        name: 'plain',
        circuit: 'closed',
        failures: 0,
        openedAt: null,
        nextProbeAt: null,
        bulkhead: null,
        cache: null,
        calls: { succeeded: 0, failed: 0, retried: 0 },
        lastError: null,
      },
    ]);
  });

  test('is changed by a reset, which lets the next call try', async () => {
    const { resilience, service } = resilienceFixture();
    const own = resilience.policy('s', { retry: false, circuit: { threshold: 1 } });
    await failureOf(own.execute(() => Promise.reject(refused())));
    service.reset('demo', 's');
    expect(own.circuit).toBe('closed');
    expect(await own.execute(async () => 'ok')).toBe('ok');
  });

  test.each([
    ['demo', 'nothing'],
    ['nobody', 's'],
  ])('has no %s/%s to reset', (plugin, name) => {
    expect(() => resilienceFixture().service.reset(plugin, name)).toThrow(
      `"${plugin}" has no policy "${name}"`,
    );
  });
});

describe('metrics', () => {
  test('count calls by outcome, retries, look-ups, and show circuits and bulkheads', async () => {
    const { resilience, metrics, clock } = resilienceFixture();
    const own = resilience.policy('s', {
      circuit: { threshold: 3 },
      bulkhead: { concurrency: 1 },
      cache: { ttlMs: 1000 },
    });
    for (let i = 0; i < 2; i++) await own.execute(async () => 'ok', { key: 'k' });
    const failure = failureOf(own.execute(() => Promise.reject(refused())));
    await clock.advance(10_000);
    await failure;
    await failureOf(own.execute(async () => 'ok'));
    expect(await metrics.read()).toEqual({
      'atoll_bulkhead_queued{plugin=demo,policy=s}': 0,
      'atoll_bulkhead_running{plugin=demo,policy=s}': 0,
      'atoll_cache_entries{plugin=demo,policy=s}': 0,
      'atoll_cache_lookups_total{plugin=demo,policy=s,result=hit}': 1,
      'atoll_cache_lookups_total{plugin=demo,policy=s,result=miss}': 1,
      'atoll_circuit_state{plugin=demo,policy=s}': 2,
      'atoll_upstream_duration_seconds_count{plugin=demo,policy=s}': 3,
      'atoll_upstream_requests_total{plugin=demo,policy=s,outcome=failed}': 1,
      'atoll_upstream_requests_total{plugin=demo,policy=s,outcome=rejected}': 1,
      'atoll_upstream_requests_total{plugin=demo,policy=s,outcome=succeeded}': 1,
      'atoll_upstream_retries_total{plugin=demo,policy=s}': 2,
    });
    await clock.advance(60_000);
    expect(await metrics.read()).toMatchObject({ 'atoll_circuit_state{plugin=demo,policy=s}': 1 });
  });

  test('of a plugin are gone after its stop, those of others are not', async () => {
    const { resilience, metrics, open } = resilienceFixture();
    const other = open('other');
    await resilience.policy('s').execute(async () => 'ok');
    await other.policy('s').execute(async () => 'ok');
    await resilience.dispose();
    const series = Object.keys(await metrics.read());
    expect(series.length).toBeGreaterThan(0);
    expect(series.filter((name) => name.includes('plugin=demo'))).toEqual([]);
  });
});

describe('the stop of a plugin', () => {
  test.each(['its signal', 'dispose'])('by %s cancels every call under way', async (way) => {
    const { resilience, stop, clock } = resilienceFixture();
    const own = resilience.policy('s', { bulkhead: { concurrency: 1 }, cache: { ttlMs: 1000 } });
    const running = failureOf(own.execute(() => new Promise(() => {})));
    const queued = failureOf(own.execute(async () => 'ok'));
    const coalesced = failureOf(own.execute(async () => 'ok', { key: 'k' }));
    await clock.advance(0);
    if (way === 'dispose') await resilience.dispose();
    else stop.abort(new Error('stops'));
    for (const failure of [running, queued, coalesced]) {
      expect(await failure).toMatchObject({ code: 'cancelled', plugin: 'demo' });
    }
    expect(await failureOf(own.execute(async () => 'ok'))).toMatchObject({ code: 'cancelled' });
    expect(clock.pending).toBe(0);
  });

  test('removes its policies and lets it start again', async () => {
    const { resilience, service, open } = resilienceFixture();
    resilience.policy('s');
    await resilience.dispose();
    await resilience.dispose();
    expect(service.state()).toEqual([]);
    expect(() => resilience.policy('t')).toThrow('demo has stopped');
    open().policy('s');
    expect(service.state()).toHaveLength(1);
  });

  test('has to come before its next start', () => {
    expect(() => resilienceFixture().open('demo')).toThrow('demo has its resilience open already');
  });
});

describe('what a plugin declares', () => {
  test('needs names that are not taken', () => {
    const { resilience } = resilienceFixture();
    resilience.policy('s');
    resilience.budget('s', { limit: 1, per: 'day' });
    expect(() => resilience.policy('s')).toThrow('demo: there is a policy or client "s" already');
    expect(() => resilience.client('s', { baseUrl: 'http://x' })).toThrow('already');
    expect(() => resilience.budget('s', { limit: 1, per: 'day' })).toThrow(
      'demo: there is a budget "s" already',
    );
    expect(() => resilience.policy(' ')).toThrow('needs a name');
  });

  test.each([
    [{ retry: { attempts: 0 } }, 'retry.attempts'],
    [{ circuit: { threshold: 1.5 } }, 'circuit.threshold'],
    [{ circuit: { resetMs: -1 } }, 'circuit.resetMs'],
    [{ timeoutMs: 0 }, 'timeoutMs'],
    [{ bulkhead: { concurrency: 0 } }, 'bulkhead.concurrency'],
    [{ bulkhead: { concurrency: 1, queue: -1 } }, 'bulkhead.queue'],
    [{ cache: { ttlMs: 0 } }, 'cache.ttlMs'],
    [{ cache: { ttlMs: 1, maxEntries: 0 } }, 'cache.maxEntries'],
  ])('is checked: %j', (options, field) => {
    const { resilience, service } = resilienceFixture();
    expect(() => resilience.policy('s', options)).toThrow(`demo: the policy "s" is wrong: ${field}: `);
    expect(service.state()).toEqual([]);
  });

  test.each([-1, 1.5, Number.NaN])('may not be a budget of %s', (limit) => {
    expect(() => resilienceFixture().resilience.budget('b', { limit, per: 'day' })).toThrow('needs a limit');
  });

  test('shows in the footprint', () => {
    const { resilience } = resilienceFixture();
    resilience.policy('b');
    resilience.client('a', { baseUrl: 'http://radarr.lan:7878/base' });
    resilience.client('c', { baseUrl: 'https://api.example.org' });
    resilience.client('d', { baseUrl: 'https://api.example.org/other' });
    expect(resilience.policies()).toEqual(['a', 'b', 'c', 'd']);
    expect(resilience.outbound()).toEqual(['api.example.org', 'radarr.lan:7878']);
  });
});
