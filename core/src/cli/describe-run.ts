import type { RunRecord } from '@atoll/sdk';
import { exitCodes } from './exit-codes.js';

/** A finished run as text: its outcome, how long it took, what it returned or why it failed. */
export function describeRun(run: RunRecord): string {
  const took = duration(run);
  const head = `${run.job} ${(run.outcome ?? run.state).replaceAll('_', ' ')}${took === null ? '' : ` after ${took}`}`;
  const lines = [`${head} (run ${run.id})`];
  if (run.error) {
    lines.push(`  ${run.error.message} (${run.error.code})`);
    if (run.error.hint !== null) lines.push(`  hint: ${run.error.hint}`);
  }
  if (run.result !== null && run.result !== undefined) lines.push(JSON.stringify(run.result, null, 2));
  return lines.join('\n');
}

export function runExitCode(run: RunRecord): number {
  if (run.outcome === 'succeeded') return exitCodes.ok;
  return run.outcome === 'skipped_overlap' ? exitCodes.refused : exitCodes.failed;
}

/** How long a run took, or null while that is not known. */
export function duration({
  startedAt,
  finishedAt,
}: Pick<RunRecord, 'startedAt' | 'finishedAt'>): string | null {
  if (startedAt === null || finishedAt === null) return null;
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}
