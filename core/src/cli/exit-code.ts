import { isAtollError } from '@atoll/sdk';

/** What the process's exit code says. */
export const exitCodes = {
  ok: 0,
  /** It was tried and did not succeed. */
  failed: 1,
  /** The command line is wrong; nothing was tried. */
  usage: 2,
  /** Somebody may not, or not now: no right, another owner, a state that forbids it. */
  refused: 3,
} as const;

const usageCodes = new Set(['usage', 'bad_request']);
const refusedCodes = new Set([
  'unauthorized',
  'forbidden',
  'conflict',
  'job_refused',
  'storage_owned',
  'storage_newer',
  'too_many_requests',
]);

export function exitCodeOf(error: unknown): number {
  if (!isAtollError(error)) return exitCodes.failed;
  if (usageCodes.has(error.code)) return exitCodes.usage;
  return refusedCodes.has(error.code) ? exitCodes.refused : exitCodes.failed;
}
