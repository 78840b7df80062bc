import { it } from 'vitest';
import { mkdtempSync } from 'node:fs';
import { z } from '@atoll/sdk';
import { SystemClock } from '../clock/system-clock.js';
import { MetricsService } from '../metrics/metrics-service.js';
import { openDatabase } from '../storage/open-database.js';
import { sql } from 'kysely';
import type { JobTables } from './job-tables.js';
import { JobService } from './job-service.js';
import { jobMigrations } from './migrations.js';
import { recordingLogger } from './recording-logger.fixture.js';
it('bench', async () => {
  const dir = mkdtempSync('/tmp/jb/x');
  const db = openDatabase<JobTables>({ file: `${dir}/host.db` });
  for (const m of Object.values(jobMigrations)) await m.up(db);
  const clock = new SystemClock(), logger = recordingLogger();
  const service = new JobService({ db, clock, logger, metrics: new MetricsService({ logger, clock }).host, timezone: 'UTC', enter: (_, f) => f(), onEvent: () => {}, redact: (t) => t });
  await service.start(); await service.warmUp();
  const p = service.forPlugin('p', { logger, signal: new AbortController().signal });
  p.define({ name: 'job', overlap: 'allow', input: z.object({ n: z.number().default(0) }), run: () => ({ ok: true }) });
  p.define({ name: 'logs', run: ({ logger: l, progress }) => { l.info('hi'); progress(0.5); } });
  await p.arm();
  const loop = async (id: string, n: number) => { for (let i = 0; i < n; i++) { const { runId } = await service.run(id, {}, { trigger: 'api' }); await service.settled(runId); } };
  await loop('p/job', 300);
  for (const id of ['p/job', 'p/logs']) { const s = performance.now(); const c = process.cpuUsage(); await loop(id, 1000); const u = process.cpuUsage(c); console.log(id, 'sequential ms/run', (performance.now() - s) / 1000, 'cpu', (u.user + u.system) / 1e6); }
  { const s = performance.now(); for (let b = 0; b < 10; b++) { const ids = await Promise.all(Array.from({ length: 100 }, () => service.run('p/job', {}, { trigger: 'api' }))); await Promise.all(ids.map(({ runId }) => service.settled(runId))); } console.log('100 at once ms/run', (performance.now() - s) / 1000); }
  { const s = performance.now(); for (let i = 0; i < 500; i++) await sql`update job_states set paused = 0 where job = 'x'`.execute(db); console.log('noop update', (performance.now() - s) / 500); }
  { const s = performance.now(); for (let i = 0; i < 500; i++) await sql`insert into job_states values (${String(i)}, 0, '', 0)`.execute(db); console.log('insert', (performance.now() - s) / 500); }
  // big history
  await service.stop(100);
  await db.transaction().execute(async (t) => { for (let i = 0; i < 50000; i += 200) await t.insertInto('job_runs').values(Array.from({ length: 200 }, (_, k) => ({ id: `0000-${String(i + k).padStart(8, '0')}`, job: `p/j${(i + k) % 20}`, trigger: 'schedule' as const, state: 'finished' as const, outcome: (i+k) % 7 ? 'succeeded' as const : 'failed' as const, retry_on_interrupt: 0, crashes: 0, queued_at: 1, attempts: 1, progress_value: 1, input: '{}', result: JSON.stringify({ x: 'y'.repeat(500) }) }))).execute(); });
  for (const f of [{}, { job: 'p/j3' }, { outcome: 'failed' as const }, { job: 'p/j3', outcome: 'failed' as const }, { state: 'finished' as const }, { state: 'queued' as const }, { job: 'p/j3', state: 'running' as const }, { job: 'p/j3', state: 'finished' as const }, { outcome: 'crashed' as const }, {job:'p/j3', outcome: 'failed' as const, state: 'finished' as const}, { cursor: '0000-00020000' }, { job: 'p/j3', cursor: '0000-00020000' }]) { await service.runs.list(f); const s = performance.now(); for (let i = 0; i < 10; i++) await service.runs.list(f); console.log(JSON.stringify(f), ((performance.now() - s) / 10).toFixed(2), 'ms'); }
}, 100000);
