import { AuthError, UpstreamError } from '@atoll/sdk';
import { SUBSONIC, SubsonicError, subsonicReason } from './subsonic-error.js';
import { type Fields, first, isFields, number, text } from './subsonic-fields.js';

const authReasons: readonly number[] = [
  subsonicReason.wrongCredentials,
  subsonicReason.tokenUnsupported,
  subsonicReason.mechanismUnsupported,
  subsonicReason.conflictingMechanisms,
  subsonicReason.wrongApiKey,
];

/** Servers that check the form of an id before they look it up answer 0 where the protocol means "not found". */
const unknownId = /badly formed|invalid (id|uuid)|not a valid|not found/i;

/**
 * Opens a Subsonic answer and returns its envelope's fields.
 *
 * @throws AuthError for codes 40–44, SubsonicError for every other refusal, UpstreamError (`upstream_invalid`)
 * when the body is no Subsonic answer at all.
 */
export function openAnswer(method: string, body: string, status: number): Fields {
  const envelope = readEnvelope(method, body, status);
  if (text(envelope.status) === 'ok') return envelope;
  const error = first(envelope.error) ?? {};
  const message = text(error.message);
  const reason = number(error.code) ?? subsonicReason.generic;
  if (authReasons.includes(reason)) {
    throw new AuthError(`the music server refused the sign-in: ${message || `code ${reason}`}`, {
      hint: 'Check the user name and password.',
      cause: new SubsonicError(method, reason, message),
    });
  }
  const missing = reason === subsonicReason.generic && unknownId.test(message);
  throw new SubsonicError(method, missing ? subsonicReason.notFound : reason, message);
}

function readEnvelope(method: string, body: string, status: number): Fields {
  const start = body.trimStart().slice(0, 500).toLowerCase();
  if (start.startsWith('<'))
    throw notSubsonic(method, status, isXml(start) ? 'XML instead of JSON' : 'a web page');
  if (start === '') throw notSubsonic(method, status, 'nothing');
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    throw notSubsonic(method, status, start.startsWith('{') ? 'broken JSON' : 'plain text', error);
  }
  const envelope = isFields(parsed) ? parsed['subsonic-response'] : undefined;
  if (!isFields(envelope)) throw notSubsonic(method, status, 'JSON of another kind');
  return envelope;
}

function isXml(start: string): boolean {
  return start.startsWith('<?xml') || start.startsWith('<subsonic-response');
}

function notSubsonic(method: string, status: number, what: string, cause?: unknown): UpstreamError {
  const with404 = status === 200 ? '' : ` with HTTP ${status}`;
  return new UpstreamError(
    'upstream_invalid',
    `${method} was answered by ${what}${with404}, not by a Subsonic API`,
    {
      service: SUBSONIC,
      upstreamStatus: status,
      cause,
      hint: what.startsWith('XML')
        ? 'The server does not know f=json; octogen needs Subsonic API 1.8 or newer.'
        : 'Check the URL: the server may stand below a path (http://host/navidrome), or a sign-in page of a proxy is in front of it.',
    },
  );
}
