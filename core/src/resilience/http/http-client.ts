import {
  AtollError,
  type Clock,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
  type HttpResponse,
  isUpstreamError,
  type Logger,
  type Policy,
  UpstreamError,
} from '@atoll/sdk';
import { errorCode, neverSent } from '../failure.js';
import type { NetworkGate } from '../network-gate.js';
import type { ResiliencePolicy } from '../resilience-policy.js';
import { BadRequest, BaseUrl } from './base-url.js';
import { ConnectionPool } from './connection-pool.js';
import { Exchange, failedResponse } from './exchange.js';
import {
  type OutgoingRequest,
  outgoingRequest,
  type RequestDefaults,
  redactionFor,
} from './outgoing-request.js';
import type { Redaction } from './redaction.js';

const defaultMaxBytes = 32 * 1024 * 1024;

/** Connections of a client whose policy has no bulkhead; further calls wait for one of them. */
const defaultConnections = 64;

const repeatable: ReadonlySet<string> = new Set(['GET', 'PUT', 'DELETE']);

export interface HttpClientDeps {
  plugin: string;
  logger: Logger;
  clock: Clock;
  gate: NetworkGate;
  inContainer: () => boolean;
  /** Makes the client's policy; `timedOut` makes the error of an attempt that took too long. */
  policy: (timedOut: (timeoutMs: number) => Error) => ResiliencePolicy;
}

/** An HTTP client over one pool of connections, every request of which runs under one policy. */
export class PolicyHttpClient implements HttpClient {
  readonly name: string;
  readonly #deps: HttpClientDeps;
  readonly #defaults: RequestDefaults;
  readonly #options: HttpClientOptions;
  readonly #pool: ConnectionPool;
  readonly #policy: ResiliencePolicy;

  constructor(name: string, options: HttpClientOptions, deps: HttpClientDeps) {
    this.name = name;
    this.#deps = deps;
    this.#options = options;
    this.#defaults = {
      base: this.#base(options.baseUrl),
      headers: options.headers ?? {},
      secretParams: options.secretParams ?? [],
    };
    this.#pool = new ConnectionPool(
      this.#defaults.base.origin,
      options.policy?.bulkhead?.concurrency ?? defaultConnections,
    );
    this.#policy = deps.policy((timeoutMs) => this.#timedOut(timeoutMs));
  }

  get policy(): Policy {
    return this.#policy;
  }

  /** The host it talks to, with the port where it is not the usual one. */
  get host(): string {
    return this.#defaults.base.host;
  }

  async request(path: string, request: HttpRequest = {}): Promise<HttpResponse> {
    const outgoing = this.#prepare(path, request);
    this.#deps.gate.check(outgoing.url, this.#deps.plugin);
    const redaction = redactionFor(request, this.#defaults, outgoing);
    const exchange = this.#exchange(outgoing, request, redaction);
    const startedAt = this.#deps.clock.monotonic();
    const log = (fields: object): void =>
      this.#deps.logger.debug(
        {
          service: this.name,
          operation: exchange.operation,
          duration: Math.round(this.#deps.clock.monotonic() - startedAt),
          ...fields,
        },
        'upstream call',
      );
    try {
      const response = await this.#policy.execute((call) => exchange.run(call.signal), {
        signal: request.signal,
        key: this.#cacheKey(outgoing, request),
        timeoutMs: request.timeoutMs,
        mayRepeat: (error) => (request.retry ?? repeatable.has(outgoing.method)) || neverSent(error),
      });
      log({ status: response.status });
      return response;
    } catch (error) {
      log({ status: isUpstreamError(error) ? (error.upstreamStatus ?? null) : null, code: errorCode(error) });
      const answer = request.anyStatus ? failedResponse(error) : undefined;
      if (answer) return answer;
      throw error;
    }
  }

  /** Closes its connections. */
  close(): Promise<void> {
    return this.#pool.close();
  }

  #exchange(outgoing: OutgoingRequest, request: HttpRequest, redaction: Redaction): Exchange {
    const { plugin, inContainer, clock } = this.#deps;
    const key = this.#defaults.base.below(outgoing.url);
    return new Exchange(outgoing, {
      plugin,
      service: this.name,
      pool: this.#pool,
      clock,
      redaction,
      inContainer,
      maxBytes: request.maxBytes ?? this.#options.maxBytes ?? defaultMaxBytes,
      redirects: this.#options.redirects ?? 0,
      onInvalid: () => this.#policy.invalidate(key),
    });
  }

  /** Requests that differ in what they ask for have different keys; a plain one is known by its path and query. */
  #cacheKey(outgoing: OutgoingRequest, request: HttpRequest): string | undefined {
    if (outgoing.method !== 'GET' || request.cache === false) return undefined;
    const { headers, maxBytes } = request;
    const variant = headers || maxBytes !== undefined ? `\n${JSON.stringify({ headers, maxBytes })}` : '';
    return this.#defaults.base.below(outgoing.url) + variant;
  }

  #prepare(path: string, request: HttpRequest): OutgoingRequest {
    try {
      return outgoingRequest(path, request, this.#defaults);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      const { plugin } = this.#deps;
      const what = redactionFor(request, this.#defaults).text(error.message);
      throw new AtollError(
        'bad_request',
        `${plugin}: the request to "${this.name}" cannot be sent: ${what}`,
        {
          plugin,
          hint: 'This is a mistake in the plugin, or in what it was asked to fetch.',
        },
      );
    }
  }

  #base(text: string): BaseUrl {
    try {
      return new BaseUrl(text);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      const { plugin } = this.#deps;
      throw new AtollError('config_invalid', `${plugin}: the URL of "${this.name}" ${error.message}`, {
        plugin,
        hint: 'Correct it where the plugin is configured.',
      });
    }
  }

  #timedOut(timeoutMs: number): UpstreamError {
    const { plugin } = this.#deps;
    return new UpstreamError(
      'upstream_timeout',
      `${plugin}: "${this.name}" at ${this.#defaults.base.origin} gave no complete answer within ${timeoutMs} ms`,
      {
        plugin,
        service: this.name,
        hint: 'It may be overloaded or hanging; look at its log, or give it more time.',
      },
    );
  }
}
