import { AuthError, type HttpResponse, UpstreamError } from '@atoll/sdk';
import { SUBSONIC, SubsonicError, subsonicReason } from './subsonic-error.js';
import { type Fields, first, isFields, number, text } from './subsonic-fields.js';

const authReasons: readonly number[] = [
  subsonicReason.wrongCredentials,
  subsonicReason.tokenUnsupported,
  subsonicReason.mechanismUnsupported,
  subsonicReason.conflictingMechanisms,
  subsonicReason.wrongApiKey,
];

const credentials = 'Check navidrome.user and navidrome.password (NAVIDROME_USER, NAVIDROME_PASSWORD).';

/** Servers that check the form of an id before they look it up answer 0 where the protocol means "not found". */
const unknownId = /badly formed|invalid (id|uuid)|not a valid|not found/i;

/**
 * Opens a Subsonic answer, whatever its HTTP status, and returns its envelope's fields.
 *
 * @throws AuthError for codes 40–44 and a sign-in that HTTP refused, SubsonicError for every other refusal,
 * UpstreamError when the body is no Subsonic answer at all
 */
export function openAnswer(method: string, response: HttpResponse): Fields {
  const envelope = readEnvelope(method, response);
  if (text(envelope.status) === 'ok') return envelope;
  const error = first(envelope.error) ?? {};
  const message = text(error.message);
  const reason = number(error.code) ?? subsonicReason.generic;
  if (authReasons.includes(reason)) {
    throw new AuthError(`the music server refused the sign-in: ${message || `code ${reason}`}`, {
      hint: credentials,
      cause: new SubsonicError(method, reason, message),
    });
  }
  const missing = reason === subsonicReason.generic && unknownId.test(message);
  throw new SubsonicError(method, missing ? subsonicReason.notFound : reason, message);
}

function readEnvelope(method: string, response: HttpResponse): Fields {
  const body = response.text();
  const start = body.trimStart().slice(0, 500).toLowerCase();
  let parsed: unknown;
  if (start.startsWith('{')) {
    try {
      parsed = JSON.parse(body);
    } catch (error) {
      throw notSubsonic(method, 'broken JSON', error);
    }
  }
  const envelope = isFields(parsed) ? parsed['subsonic-response'] : undefined;
  if (isFields(envelope)) return envelope;
  if (response.status >= 400) throw refusedByHttp(method, response);
  throw notSubsonic(method, kindOf(start));
}

function kindOf(start: string): string {
  if (start === '') return 'nothing';
  if (start.startsWith('{')) return 'JSON of another kind';
  if (start.startsWith('<?xml') || start.startsWith('<subsonic-response')) return 'XML';
  return start.startsWith('<') ? 'a web page' : 'plain text';
}

function notSubsonic(method: string, what: string, cause?: unknown): UpstreamError {
  return new UpstreamError('upstream_invalid', `the music server answered ${method} with ${what}`, {
    service: SUBSONIC,
    cause,
    hint:
      what === 'XML'
        ? 'It does not know f=json; octogen needs a server with Subsonic API 1.8 or newer.'
        : 'Check the URL: the server may stand below a path (http://host/navidrome), or a proxy in front of it asks for a sign-in.',
  });
}

/** An answer of a proxy, or of a server that does not wrap its errors. */
function refusedByHttp(method: string, { status, headers }: HttpResponse): Error {
  if (status === 401 || status === 403) {
    return new AuthError(`the music server's address refused ${method} with HTTP ${status}`, {
      hint: `${credentials} A proxy in front of the server may also ask for a sign-in of its own.`,
    });
  }
  const unknown = status === 404 || status === 405 || status === 410 || status === 501;
  const seconds = number(headers['retry-after']);
  return new UpstreamError(
    status === 429 ? 'upstream_rate_limited' : 'upstream_status',
    unknown
      ? `the music server does not know ${method} (HTTP ${status})`
      : `the music server answered ${method} with HTTP ${status}`,
    {
      service: SUBSONIC,
      upstreamStatus: status,
      retryAfterMs: status === 429 && seconds !== null ? seconds * 1000 : undefined,
      hint: unknown
        ? 'Check that the URL is the server itself, with the path it stands below (http://host/navidrome).'
        : 'It, or the proxy in front of it, is down, starting or overloaded; its log says more.',
    },
  );
}
