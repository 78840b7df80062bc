import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Health, HealthCheckOptions } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import {
  checkCircuits,
  checkDatabase,
  checkDisk,
  checkEventLoop,
  checkFolderWritable,
  registerHostChecks,
} from './host-checks.js';

describe('checkDisk', () => {
  const MiB = 1024 ** 2;
  it.each([
    ['much of both', 10_000, 1000, 900, 'healthy'],
    ['little space', 400, 1000, 900, 'degraded'],
    ['hardly any space', 40, 1000, 900, 'unhealthy'],
    ['few inodes', 10_000, 1000, 40, 'degraded'],
    ['no inodes', 10_000, 1000, 0, 'unhealthy'],
    ['a file system without inodes', 10_000, 0, 0, 'healthy'],
  ] as const)('%s', (_what, freeMiB, files, ffree, status) => {
    const result = checkDisk({ bavail: (freeMiB * MiB) / 4096, bsize: 4096, files, ffree });
    expect(result.status).toBe(status);
    expect(result.message).toContain(`${freeMiB} MiB`);
  });
});

describe('checkFolderWritable', () => {
  it('leaves nothing behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'atoll-health-'));
    try {
      expect(await checkFolderWritable(folder)).toEqual({ status: 'healthy' });
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('fails for a folder that is gone, and one that is read-only', async () => {
    await expect(checkFolderWritable('/nonexistent/atoll')).rejects.toThrow(/ENOENT/);
    // Permissions do not bind root, which tests may run as.
    if (process.getuid?.() === 0) return;
    const folder = mkdtempSync(join(tmpdir(), 'atoll-health-'));
    chmodSync(folder, 0o500);
    try {
      await expect(checkFolderWritable(folder)).rejects.toThrow(/EACCES/);
    } finally {
      chmodSync(folder, 0o700);
      rmSync(folder, { recursive: true });
    }
  });
});

describe('checkEventLoop', () => {
  it.each([
    [0, 0, 'healthy'],
    [251, 300, 'degraded'],
    [10, 5_001, 'degraded'],
    [2_001, 3_000, 'unhealthy'],
  ] as const)('p99 %d ms, at most %d ms: %s', (p99Ms, maxMs, status) => {
    expect(checkEventLoop({ p50Ms: 0, p99Ms, maxMs }).status).toBe(status);
  });
});

describe('checkDatabase', () => {
  it('says what the database says', async () => {
    expect(await checkDatabase(async () => 1)).toEqual({ status: 'healthy' });
    await expect(checkDatabase(() => Promise.reject(new Error('disk I/O error')))).rejects.toThrow(
      'disk I/O',
    );
  });
});

describe('checkCircuits', () => {
  const policy = { plugin: 'radio', name: 'tower', lastError: null };

  it('is content while all are closed', () => {
    expect(checkCircuits([{ ...policy, circuit: 'closed' }])).toEqual({ status: 'healthy' });
  });

  it('names each that is not, and why', () => {
    const lastError = { code: 'upstream_refused', message: 'nobody listens', at: '2026-01-05T12:00:00.000Z' };
    expect(
      checkCircuits([
        { ...policy, circuit: 'open', lastError },
        { ...policy, name: 'mast', circuit: 'half-open' },
      ]),
    ).toEqual({
      status: 'degraded',
      message: 'radio/tower is open: nobody listens; radio/mast is half-open',
    });
  });
});

describe('registerHostChecks', () => {
  const register = (dataDir: string | null) => {
    const names = new Map<string, HealthCheckOptions | undefined>();
    const health: Health = {
      check: (name, _check, options) => {
        names.set(name, options);
        return () => void names.delete(name);
      },
    };
    const dispose = registerHostChecks(health, {
      dataDir,
      queryDatabase: async () => 1,
      jobs: () => ({ status: 'healthy' }),
      circuits: () => [],
      eventLoopDelay: { read: () => ({ p50Ms: 0, p99Ms: 0, maxMs: 0 }) },
    });
    return { names, dispose };
  };

  it('registers each by its documented name and removes them again', async () => {
    const { names, dispose } = register(tmpdir());
    expect([...names.keys()]).toEqual(['database', 'jobs', 'circuits', 'event-loop', 'disk', 'data-folder']);
    await dispose();
    expect(names.size).toBe(0);
  });

  it('does without the disk where nothing is on it', () => {
    expect([...register(null).names.keys()]).toEqual(['database', 'jobs', 'circuits', 'event-loop']);
  });
});
