import type { IncomingHttpHeaders, Server } from 'node:http';
import { duplexPair } from 'node:stream';
import { request as httpRequest } from './node-http.js';

export interface InjectOptions {
  url: string;
  /** Default: POST with a payload, otherwise GET. */
  method?: string;
  headers?: Record<string, string>;
  /** An object is sent as JSON. */
  payload?: string | Uint8Array | object;
  /** Shorthand for the `Authorization` header. */
  token?: string;
}

export interface InjectedResponse {
  statusCode: number;
  headers: IncomingHttpHeaders;
  body: string;
  rawPayload: Buffer;
  /** The body, parsed. */
  json<T = unknown>(): T;
}

/**
 * Makes one request to a server that need not listen, over a pair of connected streams instead of a socket. The
 * server's parser, limits and error handling apply, as they would not if the handler were called with mocks.
 */
export function injectRequest(server: Server, options: InjectOptions): Promise<InjectedResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<InjectedResponse>();
  const [client, connection] = duplexPair();
  const { body, headers } = encode(options);
  const call = httpRequest({
    createConnection: () => client,
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    path: options.url,
    headers: { host: 'atoll', connection: 'close', ...headers, ...options.headers },
  });
  call.on('error', reject);
  call.on('response', (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => {
      const rawPayload = Buffer.concat(chunks);
      const text = rawPayload.toString();
      resolve({
        statusCode: response.statusCode ?? 0,
        headers: response.headers,
        body: text,
        rawPayload,
        json: <T>() => JSON.parse(text) as T,
      });
    });
  });
  server.emit('connection', connection);
  call.end(body);
  return promise.finally(() => client.destroy());
}

function encode({ payload, token }: InjectOptions): {
  body?: string | Uint8Array;
  headers: Record<string, string>;
} {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  if (payload === undefined || typeof payload === 'string' || payload instanceof Uint8Array) {
    return { body: payload, headers };
  }
  return { body: JSON.stringify(payload), headers: { ...headers, 'content-type': 'application/json' } };
}
