import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { selfSignedCertificate } from './self-signed.fixture.js';

/** A request as the upstream saw it. */
interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Upstream {
  origin: string;
  /** `127.0.0.1:port`. */
  host: string;
  requests: SeenRequest[];
  /** Connections opened so far. */
  connections(): number;
  /** Resolves when the upstream has seen so many requests. */
  seen(count: number): Promise<void>;
}

type Handler = (request: SeenRequest, response: ServerResponse) => void;

/** An HTTP server on a free port of 127.0.0.1, closed when the test ends. */
export function upstream(handle: Handler): Promise<Upstream> {
  const { listener, requests, seen } = recorder(handle);
  return listen(createServer(listener), 'http', requests, seen);
}

/** The same over TLS, with a certificate that it signed itself. */
export function tlsUpstream(handle: Handler): Promise<Upstream> {
  const { listener, requests, seen } = recorder(handle);
  return listen(createTlsServer(selfSignedCertificate(), listener), 'https', requests, seen);
}

/** A server that speaks whatever `talk` says to each connection. */
export function rawUpstream(talk: (socket: Socket) => void): Promise<Upstream> {
  return listen(createTcpServer(talk), 'http', [], async () => {});
}

/** A port of 127.0.0.1 that nothing listens on. */
export async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function recorder(handle: Handler) {
  const requests: SeenRequest[] = [];
  const waiting = new Set<{ count: number; resolve: () => void }>();
  const listener: RequestListener = async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body };
    requests.push(request);
    for (const wait of waiting) if (requests.length >= wait.count) wait.resolve();
    handle(request, response);
  };
  const seen = (count: number): Promise<void> =>
    requests.length >= count
      ? Promise.resolve()
      : new Promise((resolve) => void waiting.add({ count, resolve }));
  return { listener, requests, seen };
}

async function listen(
  server: Server,
  scheme: 'http' | 'https',
  requests: SeenRequest[],
  seen: (count: number) => Promise<void>,
): Promise<Upstream> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin: `${scheme}://${host}`, host, requests, connections: () => connections, seen };
}
