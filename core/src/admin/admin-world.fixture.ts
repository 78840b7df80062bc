import { AtollError, definePlugin, type PluginDefinition, type RunRecord, z } from '@atoll/sdk';
import { type AuthTables, authMigrations } from '../auth/migrations.js';
import { TokenStore } from '../auth/token-store.js';
import { FakeClock } from '../clock/fake-clock.js';
import { FrontDoor } from '../http/front-door.js';
import { HttpMetrics } from '../http/http-metrics.js';
import type { JobSummary } from '../jobs/job-summary.js';
import { recordingLogger } from '../jobs/recording-logger.fixture.js';
import { MetricsService } from '../metrics/metrics-service.js';
import type { PluginDetail } from '../plugins/plugin-manager.js';
import type { PolicyState } from '../resilience/policy-state.js';
import { openDatabase } from '../storage/open-database.js';
import type { AdminHost } from './admin-host.js';
import { createHostMount } from './host-mount.js';

const at = '2026-01-05T12:00:00.000Z';

const plugin: PluginDetail = {
  id: 'demo',
  plugin: '@atoll/plugin-demo',
  name: 'Demo',
  version: '1.0.0',
  state: 'running',
  reason: null,
  since: at,
  health: 'healthy',
  listen: null,
  description: 'Shows things.',
  required: false,
  states: [{ state: 'running', reason: null, at }],
  footprint: {
    routes: ['GET /songs'],
    jobs: ['demo/scan'],
    metrics: [],
    checks: [],
    listeners: [],
    policies: [],
    outbound: [],
    tables: [],
    effects: [],
  },
  capabilities: ['net'],
};

const job: JobSummary = {
  id: 'demo/scan',
  plugin: 'demo',
  name: 'scan',
  title: 'Scan',
  description: null,
  schedule: { text: '0 3 * * *', words: 'every day at 03:00' },
  timezone: 'Europe/Berlin',
  nextRunAt: at,
  paused: false,
  overlap: 'skip',
  inputSchema: { type: 'object' },
  running: 0,
  abandoned: 0,
  queued: 0,
  lastRun: null,
};

const run: RunRecord = {
  id: 'run-1',
  job: 'demo/scan',
  trigger: 'api',
  state: 'finished',
  outcome: 'succeeded',
  scheduledFor: null,
  startedAt: at,
  finishedAt: at,
  attempts: 1,
  progress: { value: 1, phase: null, message: null },
  input: {},
  result: { songs: 3 },
  error: null,
};

const policy: PolicyState = {
  plugin: 'demo',
  name: 'server',
  circuit: 'open',
  failures: 5,
  openedAt: at,
  nextProbeAt: at,
  bulkhead: null,
  cache: null,
  calls: { succeeded: 1, failed: 5, retried: 2 },
  lastError: { code: 'upstream_refused', message: 'refused', at },
};

/** The admin API over plain records, with a real front door, real tokens, and a note of every change asked for. */
export async function openAdminWorld() {
  const calls: unknown[][] = [];
  const state = { ready: true };
  const clock = new FakeClock();
  const logger = recordingLogger();
  const db = openDatabase<AuthTables>({ file: ':memory:' });
  for (const migration of Object.values(authMigrations)) await migration.up(db);
  const tokens = await TokenStore.open({ db, clock, logger });
  const door = new FrontDoor({ clock, tokens, describe: () => null });
  const metrics = new MetricsService({ logger, clock });
  const note =
    <T>(name: string, answer: T) =>
    async (...args: unknown[]): Promise<T> => {
      calls.push([name, ...args]);
      return answer;
    };
  const known = <T>(id: string, wanted: string, code: string, found: T): T => {
    if (id !== wanted) throw new AtollError(code, `There is no ${id}.`);
    return found;
  };
  const definition = definePlugin({
    id: 'demo',
    name: 'Demo',
    config: z.strictObject({ url: z.string().default('x').meta({ title: 'Address' }) }),
    setup: () => {},
  });
  const host: AdminHost = {
    clock,
    logging: { logger, redact: (text) => text },
    tokens,
    frontDoor: door,
    httpMetrics: new HttpMetrics(metrics),
    metrics,
    health: {
      report: async () => ({
        status: 'degraded',
        checks: { 'demo/server': { status: 'unhealthy', message: 'refused', since: at, plugin: 'demo' } },
      }),
    },
    resilience: {
      state: () => [policy],
      budgets: async () => [{ plugin: 'demo', name: 'day', limit: 10, remaining: 3, renewsAt: at }],
      reset: (id, name) => {
        known(`${id}/${name}`, 'demo/server', 'not_found', null);
        calls.push(['reset', id, name]);
      },
    },
    jobs: {
      list: async () => [job, { ...job, id: 'demo/tidy', name: 'tidy' }],
      get: async (id) => known(id, 'demo/scan', 'job_unknown', job),
      run: async (id, ...rest) => {
        known(id, 'demo/scan', 'job_unknown', job);
        return note('run', { runId: 'run-2' })(id, ...rest);
      },
      pause: note('pause', undefined),
      resume: note('resume', undefined),
      runs: {
        list: note('runs', { items: [run], nextCursor: 'next' }),
        get: async (id) => known(id, 'run-1', 'run_unknown', run),
        cancel: note('cancel', run),
        logs: async () => [{ at, level: 'info', message: 'done', fields: { songs: 3 } }],
      },
    },
    plugins: {
      list: () => ['a', 'b', 'demo'].map((id) => ({ ...plugin, id })),
      detail: async (id) => (id === 'demo' || id === 'asleep' ? { ...plugin, id } : undefined),
      enable: note('enable', undefined),
      disable: note('disable', undefined),
      restart: note('restart', undefined),
      check: note('check', [{ name: 'server', status: 'unhealthy', message: 'refused', hint: 'Start it.' }]),
    },
    catalog: {
      definitions: new Map<string, PluginDefinition>([['demo', definition as unknown as PluginDefinition]]),
      config: {
        host: {
          metrics: { enabled: true },
          http: { publicUrl: 'https://home.example/atoll', trustedProxies: [] },
        },
      },
    },
    startup: () => ({
      complete: true,
      startedAt: at,
      durationMs: 12.5,
      steps: [{ name: 'listen', plugin: null, durationMs: 1.5, outcome: 'done' }],
    }),
    ready: () => state.ready,
  };
  const mount = await createHostMount(host);
  door.mountHost(mount);
  return {
    calls,
    state,
    door,
    mount,
    tokens,
    admin: (await tokens.ensureAdmin(undefined))!,
    read: (await tokens.create({ name: 'reader', scopes: ['read'] })).token,
    close: async () => {
      await mount.close();
      metrics.dispose();
      await db.destroy();
    },
  };
}

export type AdminWorld = Awaited<ReturnType<typeof openAdminWorld>>;
