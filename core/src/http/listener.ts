import { chmodSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { AtollError } from '@atoll/sdk';

/** Where to listen: a TCP port (0 for any free one), or a Unix socket that only this user can open. */
export type ListenAddress = { host: string; port: number } | { socketPath: string };

/** A listener that accepts connections. */
export interface Listener {
  /** `http://host:port`, or the path of the socket. */
  readonly url: string;
  /** 0 for a Unix socket. */
  readonly port: number;
  /** Stops accepting; connections end with the requests they carry. */
  close(): Promise<void>;
}

/** Binds a server. Throws `listen_failed`, saying what is in the way and what to do. */
export async function bind(server: Server, address: ListenAddress): Promise<Listener> {
  if ('socketPath' in address) await bindSocket(server, address.socketPath);
  else await bindOnce(server, address).catch((error: NodeJS.ErrnoException) => refuseTcp(address, error));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    url: 'socketPath' in address ? address.socketPath : tcpUrl(address.host, port),
    port,
    close: () => closeServer(server),
  };
}

async function bindSocket(server: Server, path: string): Promise<void> {
  try {
    await bindOnce(server, { path });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE') throw socketError(path, error);
    if (await answers(path)) {
      throw new AtollError('listen_failed', `Another process answers at ${path}.`, {
        hint: 'Stop the other Atoll on this data folder first.',
        cause: error,
      });
    }
    // Left behind by a process that was killed: nobody listens there.
    await rm(path, { force: true });
    await bindOnce(server, { path }).catch((cause: unknown) => {
      throw socketError(path, cause);
    });
  }
}

function bindOnce(server: Server, where: { host: string; port: number } | { path: string }): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (error: Error): void => reject(error);
  server.once('error', failed);
  server.once('listening', () => {
    server.off('error', failed);
    resolve();
  });
  if ('path' in where) {
    // The socket is made inside this very call; with the mask there is no moment at which others could open it.
    const mask = process.umask(0o177);
    try {
      server.listen(where);
    } finally {
      process.umask(mask);
    }
    if (server.listening) chmodSync(where.path, 0o600);
  } else server.listen(where);
  return promise;
}

/** Whether somebody accepts connections on a Unix socket. */
function answers(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path);
  socket.once('connect', () => resolve(true));
  socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  return promise.finally(() => socket.destroy());
}

function socketError(path: string, cause: unknown): AtollError {
  const message = cause instanceof Error ? cause.message : String(cause);
  // The kernel's limit for the path of a socket is 108 bytes with the end mark.
  const long = Buffer.byteLength(path) > 107;
  return new AtollError('listen_failed', `Cannot listen on the socket ${path}: ${message}`, {
    hint: long
      ? 'Its path is longer than the system allows; put the data folder at a shorter path (ATOLL_DATA_DIR).'
      : 'See that the data folder is writable and on a local file system.',
    cause,
  });
}

const tcpHints: Partial<Record<string, string>> = {
  EADDRINUSE: 'Stop the program that uses it, or choose another port (http.port, ATOLL_PORT).',
  EACCES: 'Ports below 1024 belong to root; choose a higher one (http.port, ATOLL_PORT).',
  EADDRNOTAVAIL:
    'This machine has no such address; use 127.0.0.1, 0.0.0.0 or one of its own (http.host, ATOLL_HOST).',
  ENOTFOUND: 'The host name is not known; use an address of this machine (http.host, ATOLL_HOST).',
};

function refuseTcp({ host, port }: { host: string; port: number }, cause: NodeJS.ErrnoException): never {
  const reason = cause.code === 'EADDRINUSE' ? 'the port is in use' : cause.message;
  throw new AtollError('listen_failed', `Cannot listen on ${host}:${port}: ${reason}.`, {
    hint: tcpHints[cause.code ?? ''] ?? 'Check http.host and http.port.',
    cause,
  });
}

function tcpUrl(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Stops accepting and resolves when the last connection is gone; idle ones go at once. */
export function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  return promise;
}
