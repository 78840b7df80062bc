import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Host } from '@atoll/core';
import { type Measurement, median } from './measurement.ts';

const rounds = 5;
const runs = 1_000;

/** What the host adds to a job that does nothing: accepted, run, and on disk with its outcome. */
export async function measureJobs(): Promise<Measurement[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'atoll-bench-jobs-'));
  const host = await Host.create({
    cwd: dataDir,
    env: {},
    dataDir,
    only: ['items'],
    pluginPaths: [join(import.meta.dirname, 'plugin')],
    listen: false,
    stdout: { write: () => true },
  });
  await host.start();
  const { jobs } = host.parts;
  const run = async (): Promise<void> => {
    const { runId } = await jobs.run('items/nothing', {}, { trigger: 'api' });
    const { outcome } = await jobs.settled(runId);
    if (outcome !== 'succeeded') throw new Error(`a run ended as ${outcome}`);
  };
  try {
    for (let warm = 0; warm < 200; warm++) await run();
    const perRun: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      for (let count = 0; count < runs; count++) await run();
      perRun.push((performance.now() - started) / runs);
    }
    const ms = median(perRun);
    return [
      {
        name: 'Overhead of an in-process run',
        figure: `${ms.toFixed(2)} ms (${Math.round(1000 / ms)} runs/s, one after the other)`,
        target: 'under 1 ms',
        met: ms < 1,
        raw: { msPerRun: perRun },
      },
    ];
  } finally {
    await host.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
