import { isUpstreamError, UpstreamError } from '@atoll/sdk';
import { SubsonicError } from './subsonic-error.js';

/** The same failure of a first call, whose cure names the setting that the address comes from. */
export function namingAddress(error: unknown): unknown {
  // A server that answered as Subsonic servers do, or asks for patience, has the right address.
  if (!isUpstreamError(error) || error instanceof SubsonicError) return error;
  if (error.code === 'upstream_rate_limited') return error;
  const { service, upstreamStatus, plugin } = error;
  return new UpstreamError(error.code as ConstructorParameters<typeof UpstreamError>[0], error.message, {
    service,
    upstreamStatus,
    plugin,
    cause: error,
    hint: [error.hint, 'The address is navidrome.url (NAVIDROME_URL).'].filter(Boolean).join(' '),
  });
}
