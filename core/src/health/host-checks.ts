import type { StatsFs } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disposer, Health, HealthResult } from '@atoll/sdk';
import type { DelayReading } from '../metrics/event-loop-delay.js';
import type { PolicyState } from '../resilience/policy-state.js';

const mebibyte = 1024 ** 2;

/** What the host's own checks look at. */
export interface HostCheckSubjects {
  /** Null where everything is in memory: the checks of the disk and of the folder are left out then. */
  dataDir: string | null;
  /** Answers when the host's database does; rejects when it does not. */
  queryDatabase: () => Promise<unknown>;
  /** How the job engine is. */
  jobs: () => HealthResult;
  /** How the circuits to upstreams are. */
  circuits: () => readonly Pick<PolicyState, 'plugin' | 'name' | 'circuit' | 'lastError'>[];
  eventLoopDelay: { read(): DelayReading };
}

/** Registers the checks `database`, `disk`, `data-folder`, `jobs`, `circuits` and `event-loop`. */
export function registerHostChecks(health: Health, subjects: HostCheckSubjects): Disposer {
  const { dataDir, queryDatabase, jobs, circuits, eventLoopDelay } = subjects;
  const disposers = [
    health.check('database', () => checkDatabase(queryDatabase), { critical: true }),
    health.check('jobs', jobs, { critical: true, intervalMs: 5_000 }),
    health.check('circuits', () => checkCircuits(circuits()), { intervalMs: 5_000 }),
    health.check('event-loop', () => checkEventLoop(eventLoopDelay.read()), { intervalMs: 5_000 }),
  ];
  if (dataDir !== null) {
    disposers.push(
      health.check('disk', async () => checkDisk(await statfs(dataDir)), { critical: true }),
      health.check('data-folder', () => checkFolderWritable(dataDir), { critical: true }),
    );
  }
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

/** Names the upstreams that are left alone because they failed too often. */
export function checkCircuits(policies: ReturnType<HostCheckSubjects['circuits']>): HealthResult {
  const open = policies.filter(({ circuit }) => circuit !== 'closed');
  if (open.length === 0) return { status: 'healthy' };
  const names = open.map(({ plugin, name, circuit, lastError }) =>
    [`${plugin}/${name} is ${circuit}`, ...(lastError ? [lastError.message] : [])].join(': '),
  );
  return { status: 'degraded', message: names.join('; ') };
}

export function checkEventLoop({ p99Ms, maxMs }: DelayReading): HealthResult {
  const message = `late by ${Math.round(p99Ms)} ms (99 %), ${Math.round(maxMs)} ms at most`;
  if (p99Ms > 2_000) return { status: 'unhealthy', message };
  return { status: p99Ms > 250 || maxMs > 5_000 ? 'degraded' : 'healthy', message };
}
