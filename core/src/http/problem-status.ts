import { type ErrorCode, errorCodes, type HttpErrorStatus } from '@atoll/sdk';

/** The status of a code; one of a plugin's own is 500 unless its error says otherwise. */
export function statusOfCode(code: string): HttpErrorStatus {
  return Object.hasOwn(errorCodes, code) ? errorCodes[code as ErrorCode].status : 500;
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
