import { isAtollError } from '@atoll/sdk';
import { exitCodes } from './exit-codes.js';

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
