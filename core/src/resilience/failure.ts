import { isAtollError, isUpstreamError } from '@atoll/sdk';

/** Codes of Node's network errors that say "the upstream is not there". */
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const transientCodes = new Set([
  'timed_out',
  'upstream_refused',
  'upstream_unreachable',
  'upstream_timeout',
  'upstream_rate_limited',
]);

const transientStatuses = new Set([502, 503, 504]);

const inconclusiveCodes = new Set([
  'cancelled',
  'bulkhead_full',
  'circuit_open',
  'network_denied',
  'budget_exhausted',
  'bad_request',
  'upstream_tls',
]);

/** The `code` of an error, whatever made it; undefined where it has none. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The default of a retry's `when`: refused, unreachable, timed out, 429, 502, 503, 504. */
export function isTransient(error: unknown): boolean {
  if (!isAtollError(error)) return networkCodes.has(errorCode(error) ?? '');
  return transientCodes.has(error.code) || transientStatuses.has(upstreamStatus(error));
}

/** The default of a circuit's `when`: whatever is transient, and any 5xx. */
export function isUpstreamFailure(error: unknown): boolean {
  return isTransient(error) || upstreamStatus(error) >= 500;
}

export function isRateLimit(error: unknown): boolean {
  return isAtollError(error, 'upstream_rate_limited');
}

/** Errors that came up on this side and so say nothing about the upstream, good or bad. */
export function isInconclusive(error: unknown): boolean {
  if (error instanceof DOMException && error.name === 'AbortError') return true;
  return isAtollError(error) && inconclusiveCodes.has(error.code);
}

const unsent = new WeakSet<object>();

/** Notes that `error` came up before anything was sent; returns it. */
export function markUnsent<E extends Error>(error: E): E {
  unsent.add(error);
  return error;
}

/** True where nothing of the call can have reached the upstream, so that sending it again is not sending it twice. */
export function neverSent(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if (unsent.has(error) || isAtollError(error, 'circuit_open') || isAtollError(error, 'bulkhead_full')) {
    return true;
  }
  return 'syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo');
}

/** Milliseconds an upstream asked us to wait; undefined where it did not. */
export function requestedDelay(error: unknown): number | undefined {
  return isUpstreamError(error) ? error.retryAfterMs : undefined;
}

function upstreamStatus(error: unknown): number {
  return (isUpstreamError(error) && error.upstreamStatus) || 0;
}
