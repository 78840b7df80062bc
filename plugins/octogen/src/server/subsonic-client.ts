import {
  AuthError,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
  isAtollError,
  type Logger,
  type Resilience,
  UpstreamError,
} from '@atoll/sdk';
import { isLocalAddress } from './local-address.js';
import type { ServerInfo } from './music-server.js';
import { openAnswer } from './subsonic-answer.js';
import { type SubsonicAuth, type SubsonicCredentials, signRequest } from './subsonic-auth.js';
import { SUBSONIC, SubsonicError, subsonicReason } from './subsonic-error.js';
import { type Fields, text } from './subsonic-fields.js';

export interface SubsonicSettings extends SubsonicCredentials {
  /** Base URL, with the path the server stands below, without `/rest`. */
  url: string;
}

export type SubsonicParams = NonNullable<HttpRequest['form']>;

export interface SubsonicCall {
  signal?: AbortSignal;
  /** False for calls whose repetition would do it twice. Default true. */
  retry?: boolean;
}

/** The protocol version that requests name: the oldest that has everything octogen calls. */
const PROTOCOL_VERSION = '1.13.0';

/** Refusals of a token that leave the password as the way in; supysonic answers 10, as it looks for `p`. */
const tokenRefusals: readonly number[] = [
  subsonicReason.missingParameter,
  subsonicReason.tokenUnsupported,
  subsonicReason.mechanismUnsupported,
];

/**
 * Speaks the Subsonic protocol: signs requests, opens answers, and finds out once how the server wants the sign-in.
 *
 * Everything is sent as a form POST, which Navidrome, gonic, supysonic, Airsonic and Ampache all read: the
 * credentials stay out of URLs (and so out of access logs), and thousands of song ids fit.
 */
export class SubsonicClient {
  readonly #http: HttpClient;
  readonly #settings: SubsonicSettings;
  readonly #logger: Logger;
  #auth: SubsonicAuth | null = null;
  #probing: Promise<ServerInfo> | null = null;

  constructor(resilience: Resilience, settings: SubsonicSettings, logger: Logger) {
    this.#settings = { ...settings, url: settings.url.replace(/\/+$/, '').replace(/\/rest$/, '') };
    this.#logger = logger;
    this.#http = resilience.client(SUBSONIC, {
      baseUrl: this.#settings.url,
      secretParams: ['p', 't', 's'],
      // Albums are read six at a time: a home server answers no faster with more, and stays usable for its listeners.
      policy: { bulkhead: { concurrency: 6 } },
    });
  }

  get username(): string {
    return this.#settings.username;
  }

  /** Names the account: what an index of one account must not be mistaken for. */
  get account(): string {
    return `${this.#settings.username}@${this.#settings.url}`;
  }

  /** Signs in and remembers how. Callers at the same time share one probe; each may leave on its own signal. */
  probe(signal?: AbortSignal): Promise<ServerInfo> {
    this.#probing ??= this.#probe().finally(() => {
      this.#probing = null;
    });
    return leaveOn(signal, this.#probing);
  }

  /** Calls a method, for example `getAlbum`, and returns the answer's fields. */
  async call(method: string, params: SubsonicParams = {}, call: SubsonicCall = {}): Promise<Fields> {
    if (this.#auth === null) await this.probe(call.signal);
    call.signal?.throwIfAborted();
    const response = await this.#send(method, params, this.#auth ?? 'token', {
      signal: call.signal,
      retry: call.retry ?? true,
    });
    return openAnswer(method, response.text(), response.status);
  }

  async #probe(): Promise<ServerInfo> {
    let auth: SubsonicAuth = 'token';
    let answer: Fields;
    try {
      answer = await this.#ping(auth);
    } catch (error) {
      if (!tokenRefusals.includes(refusal(error))) throw error;
      auth = 'password';
      answer = await this.#ping(auth);
    }
    if (auth === 'password' && this.#auth !== 'password') this.#warnOfPlainPassword();
    this.#auth = auth;
    return {
      product: text(answer.type).toLowerCase() || 'subsonic',
      version: text(answer.serverVersion) || text(answer.version),
      openSubsonic: answer.openSubsonic === true,
      auth,
    };
  }

  async #ping(auth: SubsonicAuth): Promise<Fields> {
    // With any status: servers and proxies put the reason of a refused sign-in into the body.
    const response = await this.#send('ping', {}, auth, { retry: true, anyStatus: true });
    return openAnswer('ping', response.text(), response.status);
  }

  async #send(
    method: string,
    params: SubsonicParams,
    auth: SubsonicAuth,
    request: Pick<HttpRequest, 'signal' | 'retry' | 'anyStatus'>,
  ): Promise<HttpResponse> {
    const signed = {
      ...signRequest(auth, this.#settings),
      v: PROTOCOL_VERSION,
      c: 'atoll-octogen',
      f: 'json',
    };
    try {
      const response = await this.#http.request(`/rest/${method}.view`, {
        method: 'POST',
        form: { ...params, ...signed },
        ...request,
      });
      if (response.status === 401 || response.status === 403) throw this.#gateKeeper(response.status);
      return response;
    } catch (error) {
      throw this.#explain(method, error);
    }
  }

  /** Turns what HTTP says into what to do about it, for this kind of server. */
  #explain(method: string, error: unknown): unknown {
    if (!(isAtollError(error) && 'service' in error)) return error;
    const { upstreamStatus: status } = error as UpstreamError;
    if (error.code === 'upstream_redirect') {
      return new UpstreamError('upstream_redirect', error.message, {
        service: SUBSONIC,
        upstreamStatus: status,
        cause: error,
        hint: 'Enter the address it redirects to as the URL: https instead of http, or with the path of the server.',
      });
    }
    if (error.code !== 'upstream_status') return error;
    if (status === 401 || status === 403) return this.#gateKeeper(status, error);
    if (status === 404 || status === 405 || status === 410 || status === 501) {
      return new UpstreamError(
        'upstream_status',
        `the music server does not know ${method} (HTTP ${status})`,
        {
          service: SUBSONIC,
          upstreamStatus: status,
          cause: error,
          hint: `Check that ${this.#settings.url} is the server itself, with the path it stands below.`,
        },
      );
    }
    return error;
  }

  #gateKeeper(status: number, cause?: unknown): AuthError {
    return new AuthError(`the music server's address refused the sign-in with HTTP ${status}`, {
      hint: 'Check the user name and password, and that no proxy in front of the server asks for a sign-in of its own.',
      cause,
    });
  }

  #warnOfPlainPassword(): void {
    if (this.#settings.url.startsWith('https:') || isLocalAddress(this.#settings.url)) return;
    this.#logger.warn(
      { service: SUBSONIC },
      'the music server takes no token, so the password is sent readable over plain http; use https for it',
    );
  }
}

/** The protocol's code in a refused sign-in or call; -1 where it was no refusal. */
function refusal(error: unknown): number {
  const refused = error instanceof AuthError ? error.cause : error;
  return refused instanceof SubsonicError ? refused.reason : -1;
}

/** Settles as `work` does, or rejects with the signal's reason when it aborts first. */
function leaveOn<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
