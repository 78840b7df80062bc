import { isAtollError } from '@atoll/sdk';

/**
 * Whether a run can go on with its next list after this error: what another system did to one call. A disk that is
 * full or a database that cannot be written ends the run instead, as nothing of it could be recorded.
 */
export function isPassingFailure(error: unknown): boolean {
  return isAtollError(error) && error.code !== 'disk_full' && !error.code.startsWith('storage_');
}
