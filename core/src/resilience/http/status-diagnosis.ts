import { UpstreamError } from '@atoll/sdk';
import { parseRetryAfter } from '../retry-after.js';
import { pageTitle } from './page-title.js';
import type { ReceivedResponse } from './received-response.js';
import type { Redaction } from './redaction.js';

export interface StatusContext {
  plugin: string;
  service: string;
  /** `GET /path`, redacted. */
  operation: string;
  redaction: Redaction;
  /** Milliseconds since the epoch. */
  now: number;
}

const longestQuote = 200;

/** The error of an answer with a status of 400 or more. */
export function statusError(response: ReceivedResponse, context: StatusContext): UpstreamError {
  const { plugin, service, operation, redaction, now } = context;
  const { status } = response;
  const limited = status === 429;
  const retryAfterMs = parseRetryAfter(response.headers['retry-after'], now);
  const said = quote(response);
  const wait = retryAfterMs === undefined ? '' : `, and asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
  return new UpstreamError(
    limited ? 'upstream_rate_limited' : 'upstream_status',
    redaction.text(`${plugin}: "${service}" answered ${operation} with ${status}${wait}${said}`),
    { plugin, service, hint: hintFor(status), upstreamStatus: status, retryAfterMs },
  );
}

/** The error of a redirect that is not followed. */
export function redirectError(
  status: number,
  from: URL,
  to: URL | null,
  { plugin, service, operation, redaction }: StatusContext,
): UpstreamError {
  const login = to && /(^|[/._-])(log-?in|sign-?in|auth|sso|oauth2?)([/._-]|$)/i.test(to.pathname);
  const target = to ? to.origin + to.pathname : 'nowhere';
  let hint =
    'Set the URL to where the service itself is; requests do not follow redirects, so that no key is sent elsewhere.';
  if (!to) hint = 'Is it the right service?';
  else if (login) {
    hint =
      'It asks for a login: check the key or password, the path in the URL, and that a login in front of it lets its API through.';
  } else if (to.hostname === from.hostname && to.protocol === 'https:' && from.protocol === 'http:') {
    hint = `Write https:// in its URL (${to.origin}).`;
  } else if (to.origin === from.origin) {
    hint = `The service expects another path; does the URL lack the part that ${redaction.text(to.pathname)} begins with?`;
  }
  return new UpstreamError(
    'upstream_redirect',
    redaction.text(`${plugin}: "${service}" redirects ${operation} (${status}) to ${target}`),
    { plugin, service, hint, upstreamStatus: status },
  );
}

function hintFor(status: number): string | undefined {
  if (status === 401)
    return 'It does not accept the key or password: check it where the plugin is configured.';
  if (status === 403) {
    return 'It knows who asks but does not allow it: give that user or key the right, or let the host’s address in.';
  }
  if (status === 404) return 'Check the path in its URL, and that its version has this function.';
  if (status === 407) return 'A proxy in between asks for a login.';
  if (status === 429) return 'It limits how often it may be asked; wait, or ask less often.';
  if (status === 502 || status === 503 || status === 504) {
    return 'It, or the service behind its proxy, is down or still starting.';
  }
  return status >= 500 ? 'It failed inside; its own log says why.' : undefined;
}

/** What the answer itself says: the message of a JSON error, or a page's title. */
function quote(response: ReceivedResponse): string {
  const type = response.headers['content-type'];
  const text = response.text().slice(0, 20_000);
  const title = pageTitle(type, text);
  if (title !== undefined) return title && `, a page titled "${title}"`;
  const said = messageOf(text).replace(/\s+/g, ' ').trim().slice(0, longestQuote);
  return said && `: ${said}`;
}

function messageOf(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return '';
  }
  for (const key of ['error', 'detail', 'message', 'errorMessage', 'title']) {
    const entry = Array.isArray(value) ? value[0] : value;
    if (typeof entry !== 'object' || entry === null || !(key in entry)) continue;
    const said: unknown = (entry as Record<string, unknown>)[key];
    if (typeof said === 'string') return said;
    if (typeof said === 'object' && said !== null && 'message' in said && typeof said.message === 'string') {
      return said.message;
    }
  }
  return '';
}
