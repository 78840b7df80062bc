import type { StatsFs } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disposer, Health, HealthResult } from '@atoll/sdk';
import type { DelayReading } from '../metrics/event-loop-delay.js';

const mebibyte = 1024 ** 2;

/** What the host's own checks look at. */
export interface HostCheckSubjects {
  dataDir: string;
  /** Answers when the host's database does; rejects when it does not. */
  queryDatabase: () => Promise<unknown>;
  jobs: JobEngineView;
  eventLoopDelay: { read(): DelayReading };
}

/** How the job engine stands. */
export interface JobEngineView {
  started(): boolean;
  /** Milliseconds by which the most overdue firing is late; 0 when none is. */
  overdueMs(): number;
}

/** Registers the checks `database`, `disk`, `data-folder`, `jobs` and `event-loop`. */
export function registerHostChecks(health: Health, subjects: HostCheckSubjects): Disposer {
  const disposers = [
    health.check('database', () => checkDatabase(subjects.queryDatabase), { critical: true }),
    health.check('disk', async () => checkDisk(await statfs(subjects.dataDir)), { critical: true }),
    health.check('data-folder', () => checkFolderWritable(subjects.dataDir), { critical: true }),
    health.check('jobs', () => checkJobs(subjects.jobs), { critical: true, intervalMs: 5_000 }),
    health.check('event-loop', () => checkEventLoop(subjects.eventLoopDelay.read()), { intervalMs: 5_000 }),
  ];
  return () => {
    for (const dispose of disposers) void dispose();
  };
}

export async function checkDatabase(query: () => Promise<unknown>): Promise<HealthResult> {
  await query();
  return { status: 'healthy' };
}

/** Judges free space and free inodes; file systems that have no fixed number of inodes report 0 of 0. */
export function checkDisk({
  bavail,
  bsize,
  files,
  ffree,
}: Pick<StatsFs, 'bavail' | 'bsize' | 'files' | 'ffree'>): HealthResult {
  const freeBytes = bavail * bsize;
  const freeInodes = files > 0 ? ffree / files : 1;
  const message = `${Math.floor(freeBytes / mebibyte)} MiB and ${Math.floor(freeInodes * 100)} % of inodes free`;
  if (freeBytes < 50 * mebibyte || freeInodes < 0.01) return { status: 'unhealthy', message };
  if (freeBytes < 500 * mebibyte || freeInodes < 0.05) return { status: 'degraded', message };
  return { status: 'healthy', message };
}

/** Writes a file and removes it: permissions, quotas and read-only mounts show in no other way. */
export async function checkFolderWritable(folder: string): Promise<HealthResult> {
  const probe = join(folder, `.write-check-${process.pid}`);
  const file = await open(probe, 'w');
  try {
    await file.writeFile('atoll');
    await file.sync();
  } finally {
    await file.close();
    await rm(probe, { force: true });
  }
  return { status: 'healthy' };
}

export function checkJobs({ started, overdueMs }: JobEngineView): HealthResult {
  if (!started()) return { status: 'unhealthy', message: 'the job engine is not running' };
  const late = overdueMs();
  if (late < 60_000) return { status: 'healthy' };
  return {
    status: late < 600_000 ? 'degraded' : 'unhealthy',
    message: `a scheduled run is ${Math.floor(late / 1000)} s late`,
  };
}

export function checkEventLoop({ p99Ms, maxMs }: DelayReading): HealthResult {
  const message = `late by ${Math.round(p99Ms)} ms (99 %), ${Math.round(maxMs)} ms at most`;
  if (p99Ms > 2_000) return { status: 'unhealthy', message };
  return { status: p99Ms > 250 || maxMs > 5_000 ? 'degraded' : 'healthy', message };
}
