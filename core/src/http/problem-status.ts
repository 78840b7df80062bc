import type { ErrorCode, HttpErrorStatus } from '@atoll/sdk';

/** The status of each code; a code of a plugin's own is 500 unless its error says otherwise. */
const statuses: Record<ErrorCode, HttpErrorStatus> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
  disk_full: 507,
  config_invalid: 400,
  not_ready: 503,
  auth_required: 503,
  listen_failed: 500,
  plugin_incompatible: 409,
  plugin_failed: 503,
  dependency_missing: 503,
  job_refused: 409,
  job_failed: 500,
  job_result_invalid: 500,
  job_unknown: 404,
  run_unknown: 404,
  storage_newer: 500,
  storage_owned: 500,
  storage_busy: 503,
  storage_corrupt: 500,
  storage_unwritable: 500,
  storage_nested_query: 500,
  storage_unsupported: 500,
  migration_failed: 500,
  network_denied: 502,
  circuit_open: 503,
  bulkhead_full: 503,
  timed_out: 504,
  cancelled: 503,
  budget_exhausted: 429,
  upstream_refused: 502,
  upstream_unreachable: 502,
  upstream_tls: 502,
  upstream_timeout: 504,
  upstream_redirect: 502,
  upstream_status: 502,
  upstream_rate_limited: 502,
  upstream_too_large: 502,
  upstream_invalid: 502,
};

export function statusOfCode(code: string): HttpErrorStatus {
  return Object.hasOwn(statuses, code) ? statuses[code as ErrorCode] : 500;
}

interface ForeignStatus {
  status: HttpErrorStatus;
  code: ErrorCode;
  detail: string;
}

const callerCodes: Partial<Record<number, [HttpErrorStatus, ErrorCode]>> = {
  401: [401, 'unauthorized'],
  403: [403, 'forbidden'],
  404: [404, 'not_found'],
  405: [404, 'not_found'],
  409: [409, 'conflict'],
  413: [413, 'payload_too_large'],
  415: [415, 'unsupported_media_type'],
  429: [429, 'too_many_requests'],
};

/**
 * What errors of Node, Fastify, its plugins and SQLite mean for the caller. Their texts are shown for 4xx only,
 * which they write for the caller; undefined where the caller must not know more than "internal".
 */
export function statusOfForeign(error: unknown): ForeignStatus | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, errcode, statusCode, message } = error as Record<string, unknown>;
  // SQLITE_FULL; ENOSPC and EDQUOT are the system's.
  if (code === 'ENOSPC' || code === 'EDQUOT' || (code === 'ERR_SQLITE_ERROR' && errcode === 13)) {
    return { status: 507, code: 'disk_full', detail: 'The disk is full. Free some space and try again.' };
  }
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined;
  const [status, ownCode] = callerCodes[statusCode] ?? [400, 'bad_request'];
  const detail = typeof message === 'string' && message !== '' ? message : 'The request was refused.';
  return {
    status,
    code: ownCode,
    detail: code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? 'The body is too large.' : detail,
  };
}
