import type { HttpErrorStatus } from '@atoll/sdk';
import type { Exchange } from './exchange.js';
import { problem, problemType } from './problem.js';
import { securityHeaders } from './security-headers.js';

/** Answers a request with a problem where there is no route, and so no reply of Fastify, to do it. */
export function refuse(
  { response, requestId }: Exchange,
  status: HttpErrorStatus,
  code: string,
  detail: string,
  retryAfterSeconds?: number,
): void {
  const body = JSON.stringify(problem({ status, code, detail, requestId }));
  response.writeHead(status, {
    ...securityHeaders,
    'x-request-id': requestId,
    'content-type': problemType,
    'content-length': Buffer.byteLength(body),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  });
  response.end(body);
}
