import type { HttpRequest } from '@atoll/sdk';
import { appendPairs, BadRequest, type BaseUrl } from './base-url.js';
import { Redaction } from './redaction.js';

export type HttpMethod = NonNullable<HttpRequest['method']>;

/** A request as it goes over the wire. */
export interface OutgoingRequest {
  method: HttpMethod;
  url: URL;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
}

export interface RequestDefaults {
  base: BaseUrl;
  headers: Readonly<Record<string, string>>;
  secretParams: readonly string[];
}

/** Joins a request to what its client sends with every one. Throws BadRequest. */
export function outgoingRequest(
  path: string,
  request: HttpRequest,
  defaults: RequestDefaults,
): OutgoingRequest {
  const given = [request.json, request.form, request.body].filter((body) => body !== undefined);
  if (given.length > 1) throw new BadRequest('give one of json, form and body, not several');
  const method = request.method ?? 'GET';
  if (method === 'GET' && given.length > 0) throw new BadRequest('a GET has no body; set the method');

  const headers: Record<string, string> = {
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br',
    'user-agent': 'atoll',
  };
  const { credentials } = defaults.base;
  if (credentials) {
    const pair = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64');
    headers.authorization = `Basic ${pair}`;
  }
  const body = encodeBody(request, headers);
  for (const group of [defaults.headers, request.headers ?? {}]) {
    for (const [name, value] of Object.entries(group)) {
      if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
        throw new BadRequest(
          `the header "${name}" contains a character that headers cannot carry, such as a line break`,
        );
      }
      headers[name.toLowerCase()] = value;
    }
  }
  return { method, url: defaults.base.join(path, request.query), headers, body };
}

/** Collects everything in a request that must not show. */
export function redactionFor(
  request: HttpRequest,
  defaults: RequestDefaults,
  outgoing?: OutgoingRequest,
): Redaction {
  const redaction = new Redaction().addHeaders(defaults.headers).addHeaders(request.headers ?? {});
  const { credentials } = defaults.base;
  if (credentials) redaction.add(credentials.password);
  if (outgoing) redaction.addHeaders(outgoing.headers);
  for (const name of defaults.secretParams) {
    for (const pairs of [request.query, request.form]) {
      for (const value of [pairs?.[name] ?? []].flat()) redaction.add(String(value));
    }
    for (const value of outgoing?.url.searchParams.getAll(name) ?? []) redaction.add(value);
  }
  return redaction;
}

function encodeBody(request: HttpRequest, headers: Record<string, string>): string | Uint8Array | undefined {
  if (request.json !== undefined) {
    headers['content-type'] = 'application/json';
    return JSON.stringify(request.json);
  }
  if (request.form !== undefined) {
    headers['content-type'] = 'application/x-www-form-urlencoded';
    const form = new URLSearchParams();
    appendPairs(form, request.form);
    return form.toString();
  }
  return request.body;
}
