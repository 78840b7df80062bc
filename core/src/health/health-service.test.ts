import type { HealthResult, HealthStatus } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { LogCapture } from '../logging/log-capture.js';
import { createLogging } from '../logging/logging.js';
import { MetricsService } from '../metrics/metrics-service.js';
import { currentScope } from '../scope/execution-scope.js';
import { HealthService } from './health-service.js';

let clock: FakeClock;
let log: LogCapture;
let metrics: MetricsService;
let health: HealthService;

beforeEach(() => {
  clock = new FakeClock(Date.UTC(2026, 0, 5, 12));
  log = new LogCapture();
  const logging = createLogging({ level: 'info', format: 'json', clock, stdout: { write: () => true } });
  logging.subscribe(log.listener);
  metrics = new MetricsService({ logger: logging.logger, clock });
  health = new HealthService({
    clock,
    logger: logging.logger,
    metrics: metrics.host,
    redact: (text) => text.replaceAll('s3cr3t', '***'),
  });
});

afterEach(() => {
  health.stop();
  metrics.dispose();
});

/** A check whose answer the test sets, and which counts how often it is asked. */
function answering(status: HealthStatus, message?: string) {
  const state = { calls: 0, status, message };
  const check = (): HealthResult => {
    state.calls++;
    return { status: state.status, message: state.message };
  };
  return { state, check };
}

describe('report', () => {
  it('is healthy with nothing to check', async () => {
    expect(await health.report()).toEqual({ status: 'healthy', checks: {} });
  });

  it("names the plugins' checks by plugin, with status, message and since when", async () => {
    health.host.check('disk', () => ({ status: 'healthy', message: '12 GiB free' }));
    health.forPlugin('arr').check('sonarr', async () => ({ status: 'degraded', message: 'slow' }));
    expect(await health.report()).toEqual({
      status: 'degraded',
      checks: {
        'arr/sonarr': {
          status: 'degraded',
          message: 'slow',
          since: '2026-01-05T12:00:00.000Z',
          plugin: 'arr',
        },
        disk: { status: 'healthy', message: '12 GiB free', since: '2026-01-05T12:00:00.000Z', plugin: null },
      },
    });
  });

  it.each([
    ['healthy', true, 'healthy'],
    ['degraded', true, 'degraded'],
    ['degraded', false, 'degraded'],
    ['unhealthy', false, 'degraded'],
    ['unhealthy', true, 'unhealthy'],
  ] as const)('one %s check (critical: %s) makes it %s', async (status, critical, overall) => {
    health.host.check('good', () => ({ status: 'healthy' }));
    health.host.check('one', () => ({ status }), { critical });
    expect((await health.report()).status).toBe(overall);
  });

  it('asks a check once an interval, however many want to know', async () => {
    const { state, check } = answering('healthy');
    health.host.check('x', check, { intervalMs: 10_000 });
    await Promise.all([health.report(), health.report()]);
    await clock.advance(9_999);
    await health.report();
    expect(state.calls).toBe(1);
    await clock.advance(1);
    await health.report();
    expect(state.calls).toBe(2);
  });

  it('tells since when the status holds, and not since when it was last asked', async () => {
    const { state, check } = answering('healthy');
    health.host.check('x', check, { intervalMs: 1_000 });
    const since = async () => (await health.report()).checks.x?.since;
    expect(await since()).toBe('2026-01-05T12:00:00.000Z');
    await clock.advance(1_000);
    expect(await since()).toBe('2026-01-05T12:00:00.000Z');
    state.status = 'unhealthy';
    await clock.advance(1_000);
    expect(await since()).toBe('2026-01-05T12:00:02.000Z');
  });
});

describe('a check that misbehaves', () => {
  const one = async () => (await health.report()).checks.x;

  it('is unhealthy with the message of what it throws, without secrets', async () => {
    health.host.check('x', () => Promise.reject(new Error('refused for s3cr3t')));
    expect(await one()).toMatchObject({ status: 'unhealthy', message: 'refused for ***' });
  });

  it('is unhealthy when it answers nonsense', async () => {
    health.host.check('x', () => JSON.parse('{"status":"fine"}') as HealthResult);
    expect(await one()).toMatchObject({ status: 'unhealthy', message: expect.stringContaining('"fine"') });
  });

  it('is unhealthy when it takes too long, told so by its signal, and not asked again while it hangs', async () => {
    let calls = 0;
    let signal: AbortSignal | undefined;
    let finish: (result: HealthResult) => void = () => undefined;
    health.host.check(
      'x',
      (given) => {
        calls++;
        signal = given;
        return new Promise((resolve) => {
          finish = resolve;
        });
      },
      { timeoutMs: 2_000, intervalMs: 1_000 },
    );
    const first = one();
    await clock.advance(2_000);
    expect(await first).toMatchObject({ status: 'unhealthy', message: 'no answer within 2 s' });
    expect(signal?.aborted).toBe(true);
    await clock.advance(1_000);
    expect(await one()).toMatchObject({ status: 'unhealthy', message: expect.stringContaining('for 3 s') });
    expect(calls).toBe(1);
    finish({ status: 'healthy' });
    await clock.advance(1_000);
    const again = one();
    finish({ status: 'healthy' });
    expect(await again).toMatchObject({ status: 'healthy' });
    expect(calls).toBe(2);
    expect(clock.pending).toBe(0);
  });
});

describe('registration', () => {
  it('refuses a name that is taken, and one that is none', () => {
    const own = health.forPlugin('arr');
    own.check('x', () => ({ status: 'healthy' }));
    expect(() => own.check('x', () => ({ status: 'healthy' }))).toThrow(/arr\/x.* already/);
    expect(() => own.check('a b', () => ({ status: 'healthy' }))).toThrow(/cannot be the name/);
    health.host.check('x', () => ({ status: 'healthy' }));
  });

  it('ends with the disposer, and with the plugin', async () => {
    const own = health.forPlugin('arr');
    const dispose = own.check('a', () => ({ status: 'unhealthy' }));
    own.check('b', () => ({ status: 'healthy' }));
    expect(own.names()).toEqual(['a', 'b']);
    await dispose();
    await dispose();
    expect(own.names()).toEqual(['b']);
    own.check('a', () => ({ status: 'healthy' }));
    own.dispose();
    expect(await health.report()).toEqual({ status: 'healthy', checks: {} });
  });

  it('of a check that is removed while it runs leaves nothing behind', async () => {
    const own = health.forPlugin('arr');
    own.check('hanging', () => new Promise(() => undefined));
    const report = health.report();
    own.dispose();
    expect(await report).toEqual({ status: 'healthy', checks: {} });
  });

  it('runs a check in the scope of its plugin', async () => {
    let plugin: string | undefined;
    health.forPlugin('arr').check('x', () => {
      plugin = currentScope().plugin;
      return { status: 'healthy' };
    });
    await health.report();
    expect(plugin).toBe('arr');
  });
});

describe('changes', () => {
  it('are logged once when a check goes bad and once when it is back', async () => {
    const { state, check } = answering('healthy');
    health.forPlugin('arr').check('sonarr', check, { intervalMs: 1_000 });
    for (const [status, message] of [
      ['healthy', undefined],
      ['unhealthy', 'refused'],
      ['unhealthy', 'still refused'],
      ['healthy', undefined],
      ['healthy', undefined],
    ] as const) {
      Object.assign(state, { status, message });
      await health.report();
      await clock.advance(1_000);
    }
    expect(log.lines.map(({ level, message, plugin }) => [level, message, plugin])).toEqual([
      ['warn', 'arr/sonarr is unhealthy: refused', 'arr'],
      ['info', 'arr/sonarr is healthy', 'arr'],
    ]);
  });

  it('of a plugin as a whole are told to listeners', async () => {
    const told: unknown[] = [];
    const stop = health.onPluginChange((...change) => told.push(change));
    const bad = answering('degraded', 'slow');
    const worse = answering('healthy', 'gone');
    const own = health.forPlugin('arr');
    own.check('a', bad.check, { intervalMs: 0 });
    const remove = own.check('b', worse.check, { intervalMs: 0, critical: true });
    await health.report();
    worse.state.status = 'unhealthy';
    await health.report();
    await health.report();
    await remove();
    bad.state.status = 'healthy';
    await health.report();
    await stop();
    bad.state.status = 'degraded';
    await health.report();
    expect(told).toEqual([
      ['arr', 'degraded', 'slow'],
      ['arr', 'unhealthy', 'gone'],
      ['arr', 'degraded', 'slow'],
      ['arr', 'healthy', 'slow'],
    ]);
  });

  it('show in the gauge', async () => {
    health.host.check('a', () => ({ status: 'healthy' }));
    const remove = health.forPlugin('arr').check('b', () => ({ status: 'degraded' }));
    expect(await metrics.value('atoll_health_status')).toBeUndefined();
    await health.report();
    expect(await metrics.value('atoll_health_status', { check: 'a' })).toBe(1);
    expect(await metrics.value('atoll_health_status', { check: 'arr/b' })).toBe(0.5);
    await remove();
    expect(await metrics.value('atoll_health_status', { check: 'arr/b' })).toBeUndefined();
  });
});

describe('in the background', () => {
  it('checks once a minute from start to stop', async () => {
    const { state, check } = answering('unhealthy', 'refused');
    health.host.check('x', check);
    await clock.advance(120_000);
    expect(state.calls).toBe(0);
    health.start();
    health.start();
    await clock.advance(60_000);
    await clock.advance(60_000);
    expect(state.calls).toBe(2);
    expect(log.messages()).toEqual(['x is unhealthy: refused']);
    health.stop();
    await clock.advance(120_000);
    expect(state.calls).toBe(2);
    expect(clock.pending).toBe(0);
  });
});
