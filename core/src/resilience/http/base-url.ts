import type { HttpRequest } from '@atoll/sdk';

/** A request that cannot be sent as it is; the message has neither the plugin nor a secret in it. */
export class BadRequest extends Error {}

/** Where a client's requests go: an origin and a path that none of them leaves. */
export class BaseUrl {
  readonly origin: string;
  /** `host`, with the port where it is not the usual one. */
  readonly host: string;
  /** User and password that the URL contained, decoded. */
  readonly credentials: { user: string; password: string } | undefined;
  /** The path as it was given, for requests to the base itself. */
  readonly #given: string;
  /** The same, ending with a slash. */
  readonly #path: string;

  /** Throws BadRequest where `text` is no URL for a client. */
  constructor(text: string) {
    const url = URL.parse(text);
    if (!url) throw new BadRequest('is not a URL; write it like http://192.168.1.5:4533');
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new BadRequest(`must begin with http:// or https://, not ${url.protocol}`);
    }
    if (url.search || url.hash) {
      throw new BadRequest('must not contain a query or a fragment; give query parameters with each request');
    }
    this.origin = url.origin;
    this.host = url.host;
    this.#given = url.pathname;
    this.#path = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
    if (url.username || url.password) {
      this.credentials = { user: decoded(url.username), password: decoded(url.password) };
    }
  }

  /** Origin and path. */
  get text(): string {
    return this.origin + this.#path;
  }

  /**
   * Joins `path` to the base. A leading slash makes no difference; a whole URL is taken where it lies within the
   * base. Throws BadRequest for everything that would leave it.
   */
  join(path: string, query: HttpRequest['query'] = {}): URL {
    const absolute = /^[a-z][a-z\d+.-]*:\/\//i.test(path);
    const relative =
      path === '' || path.startsWith('?') ? this.#given + path : this.#path + path.replace(/^\//, '');
    const url = URL.parse(absolute ? path : this.origin + relative);
    if (!url) throw new BadRequest('the path does not make a URL');
    if (url.origin !== this.origin) {
      throw new BadRequest(
        `the path is a URL at ${url.origin}, this client only talks to ${this.origin}; make another client for it`,
      );
    }
    if (url.username || url.password) throw new BadRequest('the path must not contain a user or password');
    if (!`${url.pathname}/`.startsWith(this.#path) || climbs(url.pathname)) {
      throw new BadRequest(`the path leads out of ${this.text}; encode ids with encodeURIComponent`);
    }
    url.hash = '';
    appendPairs(url.searchParams, query);
    return url;
  }

  /** The part of a joined URL below the base: `/path?query`. */
  below(url: URL): string {
    return url.pathname.slice(this.#path.length - 1) + url.search;
  }
}

/** Adds each value, arrays as repeated keys; undefined is left out. */
export function appendPairs(params: URLSearchParams, pairs: NonNullable<HttpRequest['query']>): void {
  for (const [name, value] of Object.entries(pairs)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) params.append(name, String(one));
  }
}

/** Dot segments behind an encoded slash: the URL parser leaves them, but many a server does not. */
function climbs(pathname: string): boolean {
  return /(^|[/\\])\.\.([/\\]|$)/.test(decoded(pathname));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
