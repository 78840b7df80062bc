import { type Clock, isAtollError } from '@atoll/sdk';
import type { Dispatcher } from 'undici';
import type { ConnectionPool } from './connection-pool.js';
import { diagnose } from './failure-diagnosis.js';
import type { OutgoingRequest } from './outgoing-request.js';
import { BodyTooLarge, dropBody, readBody } from './read-body.js';
import { ReceivedResponse } from './received-response.js';
import type { Redaction } from './redaction.js';
import { redirectError, type StatusContext, statusError } from './status-diagnosis.js';

export interface ExchangeOptions {
  plugin: string;
  service: string;
  pool: ConnectionPool;
  clock: Clock;
  redaction: Redaction;
  inContainer: () => boolean;
  maxBytes: number;
  /** Redirects to follow, within the origin. */
  redirects: number;
  /** Called when a kept answer turns out to be of no use. */
  onInvalid: () => void;
}

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

const responses = new WeakMap<object, ReceivedResponse>();

/** The whole answer behind an `upstream_status` or `upstream_rate_limited` error. */
export function failedResponse(error: unknown): ReceivedResponse | undefined {
  return isAtollError(error) ? responses.get(error) : undefined;
}

/** One request and its answer, redirects included. It can be run again for another attempt. */
export class Exchange {
  /** `GET /path`, without the query and redacted. */
  readonly operation: string;
  readonly #request: OutgoingRequest;
  readonly #options: ExchangeOptions;

  constructor(request: OutgoingRequest, options: ExchangeOptions) {
    this.#request = request;
    this.#options = options;
    this.operation = options.redaction.text(`${request.method} ${request.url.pathname}`);
  }

  /** Resolves with a complete answer below 400; rejects with an UpstreamError, or as the signal says. */
  async run(signal: AbortSignal): Promise<ReceivedResponse> {
    let request = this.#request;
    for (let followed = 0; ; followed++) {
      const answer = await this.#send(request, signal);
      const location = answer.headers.location;
      if (!redirectStatuses.has(answer.statusCode) || location === undefined) {
        return this.#receive(answer, request.url, signal);
      }
      await discard(answer);
      const to = URL.parse(String(location), request.url.href);
      if (!to || to.origin !== request.url.origin || followed >= this.#options.redirects) {
        throw redirectError(answer.statusCode, request.url, to, this.#context());
      }
      request = redirected(request, answer.statusCode, to);
    }
  }

  async #send(request: OutgoingRequest, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    try {
      return await this.#options.pool.send(request, signal);
    } catch (error) {
      throw this.#failure(error, request.url, signal);
    }
  }

  async #receive(answer: Dispatcher.ResponseData, url: URL, signal: AbortSignal): Promise<ReceivedResponse> {
    const { maxBytes, plugin, service, redaction, onInvalid } = this.#options;
    const headers = flatHeaders(answer.headers);
    let body: Uint8Array;
    try {
      const encoding = headers['content-encoding'];
      if (!encoding && Number(headers['content-length']) > maxBytes) {
        dropBody(answer.body);
        throw new BodyTooLarge(maxBytes);
      }
      body = await readBody(answer.body, encoding, maxBytes);
      if (encoding) {
        // They describe what was sent, not what is handed out.
        delete headers['content-encoding'];
        delete headers['content-length'];
      }
    } catch (error) {
      throw this.#failure(error, url, signal);
    }
    const response = new ReceivedResponse(
      { status: answer.statusCode, headers, body },
      { plugin, service, redaction, onInvalid },
    );
    if (response.status >= 300) {
      const error = statusError(response, this.#context());
      responses.set(error, response);
      throw error;
    }
    return response;
  }

  #failure(error: unknown, url: URL, signal: AbortSignal): unknown {
    // After an abort the policy has its own error already; what the connection makes of it does not matter.
    if (signal.aborted || isAtollError(error)) return signal.reason ?? error;
    const { plugin, service, redaction, inContainer } = this.#options;
    return diagnose(error, { plugin, service, url, redaction, inContainer });
  }

  #context(): StatusContext {
    const { plugin, service, redaction, clock } = this.#options;
    return { plugin, service, redaction, operation: this.operation, now: clock.now() };
  }
}

/** The next request of a redirect: 303, and by custom 301 and 302 after a POST, go on as GET without the body. */
function redirected(request: OutgoingRequest, status: number, url: URL): OutgoingRequest {
  const asGet = status === 303 || (request.method === 'POST' && (status === 301 || status === 302));
  if (!asGet) return { ...request, url };
  const { 'content-type': _type, ...headers } = request.headers;
  return { method: 'GET', url, headers, body: undefined };
}

/** Reads the little that a redirect carries, so that the connection can be used again. */
async function discard(answer: Dispatcher.ResponseData): Promise<void> {
  await readBody(answer.body, undefined, 64 * 1024).catch(() => dropBody(answer.body));
}

function flatHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
