import { AtollError, UpstreamError } from '@atoll/sdk';
import { errorCode, markUnsent } from '../failure.js';
import { BodyDamaged, BodyTooLarge } from './read-body.js';
import type { Redaction } from './redaction.js';

export interface DiagnosisContext {
  plugin: string;
  service: string;
  url: URL;
  redaction: Redaction;
  inContainer: () => boolean;
}

type UpstreamCode = ConstructorParameters<typeof UpstreamError>[0];

interface Finding {
  code: UpstreamCode;
  /** Continues `"radarr" …`. */
  what: string;
  hint: string;
  /** The request never left. */
  unsent?: boolean;
}

/** Turns an error of the connection or of reading the body into the SDK's, with a cure that a self-hoster understands. */
export function diagnose(error: unknown, context: DiagnosisContext): AtollError {
  const { plugin, service, redaction } = context;
  const cause = redaction.cause(error);
  if (errorCode(error) === 'UND_ERR_INVALID_ARG') {
    return new AtollError(
      'bad_request',
      `${plugin}: the request to "${service}" cannot be sent: ${cause?.message}`,
      {
        plugin,
        cause,
      },
    );
  }
  const { code, what, hint, unsent } = find(error, context);
  const failure = new UpstreamError(code, redaction.text(`${plugin}: "${service}" ${what}`), {
    plugin,
    service,
    hint: redaction.text(hint),
    cause,
  });
  return unsent ? markUnsent(failure) : failure;
}

function find(error: unknown, context: DiagnosisContext): Finding {
  if (error instanceof BodyTooLarge) {
    return {
      code: 'upstream_too_large',
      what: `sent an answer of more than ${error.maxBytes} bytes`,
      hint: 'Ask for less at once, for example by pages.',
    };
  }
  if (error instanceof BodyDamaged) {
    return {
      code: 'upstream_invalid',
      what: `sent an answer that cannot be read: ${error.message}`,
      hint: 'A proxy in between may be at fault.',
    };
  }
  const code = errorCode(error) ?? '';
  return (
    connectFailure(code, context) ?? tlsFailure(code, context.url) ?? brokenOff(error, code, context.url)
  );
}

function connectFailure(code: string, { url, inContainer }: DiagnosisContext): Finding | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return {
        code: 'upstream_refused',
        what: `refused the connection at ${url.origin}`,
        hint:
          isLoopback(url.hostname) && inContainer()
            ? 'Inside a container, localhost is the container itself: use the name of the other container (such as http://navidrome:4533), or host.docker.internal for the machine.'
            : 'Is it running, does the URL have the right port, and does it listen on more than localhost?',
        unsent: true,
      };
    case 'ENOTFOUND':
      return {
        code: 'upstream_unreachable',
        what: `was not found: the name ${url.hostname} does not resolve`,
        hint: inContainer()
          ? 'Check its spelling; a container finds another one by its service name only in the same Docker network.'
          : 'Check its spelling, and that this machine can resolve it.',
        unsent: true,
      };
    case 'EAI_AGAIN':
      return {
        code: 'upstream_unreachable',
        what: `was not found: no DNS server answered for ${url.hostname}`,
        hint: 'Check the network and DNS of this machine or container.',
        unsent: true,
      };
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return {
        code: 'upstream_unreachable',
        what: `cannot be reached at ${url.origin}`,
        hint: 'Is the machine on, is the address right, and does no firewall stand between?',
        unsent: true,
      };
    default:
      return undefined;
  }
}

const tlsFindings: [RegExp, (url: URL) => Pick<Finding, 'what' | 'hint'>][] = [
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_)/,
    (url) => ({
      what: `has a certificate at ${url.origin} that no known authority signed`,
      hint: 'For a certificate of your own, set NODE_EXTRA_CA_CERTS to the file of its authority; within your network plain http may do.',
    }),
  ],
  [
    /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    (url) => ({
      what: `has a certificate at ${url.origin} that has expired or is not valid yet`,
      hint: 'Renew it there, and check the clocks of both machines.',
    }),
  ],
  [
    /^ERR_TLS_CERT_ALTNAME/,
    (url) => ({
      what: `has a certificate that is not for ${url.hostname}`,
      hint: 'Use the name that the certificate was made for.',
    }),
  ],
  [
    /^(ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|EPROTO)$/,
    (url) => ({
      what: `does not speak TLS at ${url.host}`,
      hint: 'The port serves plain HTTP: write http:// in its URL, or the port of its HTTPS.',
    }),
  ],
  [
    /^(ERR_SSL_|ERR_TLS_|CERT_)/,
    (url) => ({
      what: `failed to agree on TLS at ${url.origin}`,
      hint: 'Check its certificate and TLS settings.',
    }),
  ],
];

function tlsFailure(code: string, url: URL): Finding | undefined {
  const finding = tlsFindings.find(([pattern]) => pattern.test(code))?.[1](url);
  return finding && { ...finding, code: 'upstream_tls', unsent: true };
}

function brokenOff(error: unknown, code: string, url: URL): Finding {
  const https = url.protocol === 'http:' ? ' If the port serves HTTPS, write https:// in its URL.' : '';
  // undici's parser leaves the code away at times.
  if (code.startsWith('HPE_') || (error instanceof Error && error.name === 'HTTPParserError')) {
    return {
      code: 'upstream_invalid',
      what: `did not answer in HTTP at ${url.origin}`,
      hint: `Is it the right port?${https}`,
    };
  }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return {
      code: 'upstream_too_large',
      what: 'sent headers that are too large',
      hint: 'Is it the right service?',
    };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'upstream_unreachable',
    what: `broke off before its answer was complete (${reason})`,
    hint: `It may be restarting; its log may say more.${https}`,
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
