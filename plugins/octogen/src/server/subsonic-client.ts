import { AuthError, type HttpClient, type HttpRequest, type Logger, type Resilience } from '@atoll/sdk';
import { isLocalAddress } from './local-address.js';
import type { ServerInfo } from './music-server.js';
import { namingAddress } from './naming-address.js';
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
    const { host, pathname } = new URL(this.#settings.url);
    return `${this.#settings.username}@${host}${pathname}`;
  }

  /** Signs in and remembers how. Callers at the same time share one probe; each may leave on its own signal. */
  probe(signal?: AbortSignal): Promise<ServerInfo> {
    this.#probing ??= this.#probe()
      .catch((error: unknown) => {
        throw namingAddress(error);
      })
      .finally(() => {
        this.#probing = null;
      });
    return leaveOn(signal, this.#probing);
  }

  /** Calls a method, for example `getAlbum`, and returns the answer's fields. */
  async call(method: string, params: SubsonicParams = {}, call: SubsonicCall = {}): Promise<Fields> {
    if (this.#auth === null) await this.probe(call.signal);
    call.signal?.throwIfAborted();
    return this.#send(method, params, this.#auth ?? 'token', call);
  }

  async #probe(): Promise<ServerInfo> {
    let auth: SubsonicAuth = 'token';
    let answer: Fields;
    try {
      answer = await this.#send('ping', {}, auth);
    } catch (error) {
      if (!tokenRefusals.includes(refusal(error))) throw error;
      auth = 'password';
      answer = await this.#send('ping', {}, auth);
    }
    if (auth === 'password' && this.#auth !== 'password') this.#warnOfPlainPassword();
    this.#auth = auth;
    return {
      product: text(answer.type).toLowerCase() || 'subsonic',
      version: text(answer.serverVersion) || text(answer.version),
      auth,
    };
  }

  async #send(
    method: string,
    params: SubsonicParams,
    auth: SubsonicAuth,
    { signal, retry = true }: SubsonicCall = {},
  ): Promise<Fields> {
    const signed = {
      ...signRequest(auth, this.#settings),
      v: PROTOCOL_VERSION,
      c: 'atoll-octogen',
      f: 'json',
    };
    const response = await this.#http.request(`/rest/${method}.view`, {
      method: 'POST',
      form: { ...params, ...signed },
      signal,
      retry,
      // Servers put the reason into the body, whatever the status.
      anyStatus: true,
    });
    return openAnswer(method, response);
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
