import type { ClientRequest, IncomingMessage } from 'node:http';
import { AtollError } from '@atoll/sdk';
import { request as httpRequest } from '../http/node-http.js';
import type { HostGateway, HttpMethod } from './host-gateway.js';
import { readAnswer } from './problem-error.js';

/** Where a running host is: the socket in its data folder, or an address with a token. */
export type HostAddress = { socketPath: string } | { url: URL; token: string | undefined };

// A plugin may take 30 s to stop and as long to start.
const answerTimeoutMs = 120_000;
const maxAnswerBytes = 32 * 1024 ** 2;

/** The HTTP API of a running host. */
export class ApiGateway implements HostGateway {
  readonly #address: HostAddress;

  constructor(address: HostAddress) {
    this.#address = address;
  }

  async request<T>(method: HttpMethod, path: string, body?: unknown): Promise<T> {
    const { status, text } = await this.#send(
      method,
      path,
      body === undefined ? undefined : JSON.stringify(body),
    );
    return readAnswer(status, text, this.#where);
  }

  async close(): Promise<void> {}

  /** Whether a host answers. Only for a socket: an address that was given has to. */
  async answers(): Promise<boolean> {
    try {
      await this.#send('GET', '/health/live', undefined);
      return true;
    } catch (error) {
      const code = errnoOf(error);
      // A killed host leaves its socket behind; nobody listens there.
      if (code === 'ENOENT' || code === 'ECONNREFUSED') return false;
      throw error;
    }
  }

  get #where(): string {
    return 'url' in this.#address ? this.#address.url.origin : `the host at ${this.#address.socketPath}`;
  }

  #send(
    method: HttpMethod,
    path: string,
    body: string | undefined,
  ): Promise<{ status: number; text: string }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
    const request = this.#open(method, path, body);
    request.setTimeout(answerTimeoutMs, () =>
      request.destroy(new Error(`no answer within ${answerTimeoutMs} ms`)),
    );
    request.on('error', (error) => reject(this.#unreachable(error)));
    request.on('response', (response) => {
      readText(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    request.end(body);
    return promise;
  }

  #open(method: HttpMethod, path: string, body: string | undefined): ClientRequest {
    const headers = {
      accept: 'application/json',
      ...(body !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      }),
    };
    if (!('url' in this.#address)) {
      return httpRequest({
        socketPath: this.#address.socketPath,
        method,
        path,
        headers: { ...headers, host: 'atoll' },
      });
    }
    const { url, token } = this.#address;
    const open = url.protocol === 'https:' ? process.getBuiltinModule('node:https').request : httpRequest;
    const target = new URL(url.pathname.replace(/\/$/, '') + path, url);
    return open(target, {
      method,
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
    });
  }

  #unreachable(cause: Error): AtollError {
    const refused = errnoOf(cause) === 'EACCES';
    return new AtollError(
      refused ? 'forbidden' : 'upstream_unreachable',
      `${this.#where}: ${cause.message}`,
      {
        cause,
        hint: refused
          ? 'The host runs as another user: run the command as that user, or use --url and --token.'
          : 'See that the host runs and that --url (ATOLL_URL) is right.',
      },
    );
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes)
      throw new AtollError('upstream_too_large', 'the answer is larger than 32 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function errnoOf(error: unknown): string | undefined {
  const { code, cause } = Object(error) as { code?: unknown; cause?: unknown };
  const own = typeof code === 'string' && code.startsWith('E') ? code : undefined;
  return own ?? (cause === undefined ? undefined : errnoOf(cause));
}
