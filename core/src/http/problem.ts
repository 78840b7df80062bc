import { type HttpErrorStatus, isAtollError, z } from '@atoll/sdk';
import { STATUS_CODES } from './node-http.js';
import { statusOfCode, statusOfForeign } from './problem-status.js';
import { type ProblemField, validationFields } from './validation-fields.js';

/** An error as every route of Atoll answers it: RFC 9457, with `error` for clients that know no more. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string().meta({ description: 'Stable; see the reference of error codes.' }),
  instance: z.string().meta({ description: 'Names this request; the log has it as requestId.' }),
  errors: z.array(z.object({ path: z.string(), message: z.string(), hint: z.string().nullable() })),
  error: z.string().meta({ description: 'The same as detail.' }),
});

export type Problem = z.output<typeof problemSchema>;

export const problemType = 'application/problem+json; charset=utf-8';

interface ProblemAnswer {
  status: HttpErrorStatus;
  problem: Problem;
  /** Seconds, for the `Retry-After` header. */
  retryAfter: number | null;
  /** Whether the cause is ours, so that the log has to have it. */
  fault: boolean;
}

interface ProblemParts {
  status: HttpErrorStatus;
  code: string;
  detail: string;
  requestId: string;
  errors?: ProblemField[];
}

/** Builds the document. */
export function problem({ status, code, detail, requestId, errors = [] }: ProblemParts): Problem {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
    instance: `urn:atoll:request:${requestId}`,
    errors,
    error: detail,
  };
}

/**
 * Turns whatever a route threw into an answer. Only what was meant for the caller leaves: an AtollError of a kind
 * that speaks to callers, a 4xx of Fastify or a hook. Anything else is "internal", and the log has the rest.
 */
export function problemOf(error: unknown, requestId: string): ProblemAnswer {
  const retryAfter = retryAfterOf(error);
  const answer = (
    status: HttpErrorStatus,
    code: string,
    detail: string,
    errors: ProblemField[] = [],
  ): ProblemAnswer => ({
    status,
    problem: problem({ status, code, detail, requestId, errors }),
    retryAfter: retryAfter ?? (status === 503 || status === 429 ? 5 : null),
    fault: status === 500 || status === 507,
  });

  const fields = validationFields(error);
  if (fields) return answer(400, 'bad_request', `The request is not valid: ${summary(fields)}`, fields);
  if (isAtollError(error)) {
    const status = error.status ?? statusOfCode(error.code);
    if (status === 500) return answer(500, error.code, internalDetail(requestId));
    const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined;
    return answer(
      status,
      error.code,
      error.hint === undefined ? error.message : `${sentence(error.message)} ${error.hint}`,
      path === undefined ? [] : [{ path, message: error.message, hint: error.hint ?? null }],
    );
  }
  const foreign = statusOfForeign(error);
  if (foreign) return answer(foreign.status, foreign.code, foreign.detail);
  return answer(500, 'internal', internalDetail(requestId));
}

/** The document as it may leave, whatever the error that it tells of has quoted. */
export function withoutSecrets(document: Problem, redact: (text: string) => string): Problem {
  const detail = redact(document.detail);
  const errors = document.errors.map(({ path, message, hint }) => ({
    path,
    message: redact(message),
    hint: hint && redact(hint),
  }));
  return { ...document, detail, errors, error: detail };
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

function internalDetail(requestId: string): string {
  return `Something went wrong inside Atoll. The log has the details under the request id ${requestId}.`;
}

function summary(fields: readonly ProblemField[]): string {
  const [first] = fields;
  const more = fields.length > 1 ? ` (and ${fields.length - 1} more)` : '';
  return first ? `${first.path}: ${first.message}${more}` : 'see errors';
}

function retryAfterOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('retryAfterMs' in error)) return null;
  const { retryAfterMs } = error;
  return typeof retryAfterMs === 'number' && Number.isFinite(retryAfterMs)
    ? Math.max(1, Math.ceil(retryAfterMs / 1000))
    : null;
}
