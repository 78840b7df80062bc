import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Measurement, median } from './measurement.ts';

/** What one process measured that looked for all wanted tracks. */
export interface MatchingFigures {
  ms: number;
  rssBytes: number;
  /** Tracks that the library has. */
  found: number;
}

const rounds = 3;
const tracks = 1_000;
const sizes = [10_000, 100_000];

/**
 * Wanted tracks against an index on disk, three tenths of them written otherwise or misspelt. Each round is a process
 * that has just been started: its first track pays for loading everything, and its memory is its own.
 */
export async function measureMatching(): Promise<Measurement[]> {
  const measured: { ms: number[]; mb: number[]; found: number }[] = [];
  for (const songs of sizes) measured.push(await measure(songs));
  const [small, large] = measured as [(typeof measured)[0], (typeof measured)[0]];
  const seconds = (of: number[]): string => (median(of) / 1000).toFixed(2);
  const times = { msAt10k: small.ms.map(Math.round), msAt100k: large.ms.map(Math.round) };
  const memory = { rssMbAt10k: small.mb, rssMbAt100k: large.mb };
  return [
    {
      name: 'Matching 1,000 tracks against 100,000 songs',
      figure: `${seconds(large.ms)} s (${large.found} found)`,
      target: 'under 2 s',
      met: median(large.ms) < 2_000,
      raw: { ...times, found: large.found },
    },
    {
      name: 'Memory of the process that matched',
      figure: `${median(large.mb)} MB RSS at most`,
      target: 'under 300 MB',
      met: median(large.mb) < 300,
      raw: memory,
    },
    {
      name: 'Growth from 10,000 to 100,000 songs',
      figure: `${(median(large.ms) / median(small.ms)).toFixed(1)} × the time (${seconds(small.ms)} to ${seconds(large.ms)} s), ${(median(large.mb) / median(small.mb)).toFixed(1)} × the memory (${median(small.mb)} to ${median(large.mb)} MB)`,
      target: null,
      met: null,
      raw: { ...times, ...memory },
    },
  ];
}

async function measure(songs: number): Promise<{ ms: number[]; mb: number[]; found: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'atoll-bench-matching-'));
  try {
    await run('build', folder, String(songs), String(tracks));
    const figures: MatchingFigures[] = [];
    for (let round = 0; round < rounds; round++) {
      figures.push(JSON.parse(await run('match', folder)) as MatchingFigures);
    }
    return {
      ms: figures.map(({ ms }) => ms),
      mb: figures.map(({ rssBytes }) => Math.round(rssBytes / 2 ** 20)),
      found: figures[0]!.found,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(...args: string[]): Promise<string> {
  const program = join(import.meta.dirname, 'matching-process.ts');
  return (await promisify(execFile)(process.execPath, [program, ...args])).stdout;
}
