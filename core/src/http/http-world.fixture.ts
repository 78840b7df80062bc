import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import type { Logger, LogMethod } from '@atoll/sdk';
import type { Authenticator } from '../auth/authenticator.js';
import { Principal } from '../auth/principal.js';
import { SystemClock } from '../clock/system-clock.js';
import { MetricsService } from '../metrics/metrics-service.js';
import { enterScope } from '../scope/execution-scope.js';
import { FrontDoor, type FrontDoorOptions } from './front-door.js';
import { HttpMetrics } from './http-metrics.js';
import { HttpMount } from './http-mount.js';

/** A line that was logged. */
interface LoggedLine {
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

/** Tokens by value: the name says the scope. */
const scopes: Record<string, string[]> = {
  'read-token': ['read'],
  'operate-token': ['operate'],
  'admin-token': ['admin'],
  'demo-token': ['plugin:demo'],
  'demo-read-token': ['plugin:demo:read'],
  'other-token': ['plugin:other:admin'],
};

/** A front door with real clocks and sockets, fixed tokens, and everything that was logged. */
export class HttpWorld implements AsyncDisposable {
  readonly clock = new SystemClock();
  readonly lines: LoggedLine[] = [];
  readonly logger: Logger = this.#recorder({});
  readonly metrics = new MetricsService({ logger: this.logger, clock: this.clock });
  readonly tokens: Authenticator = {
    verify: (token) => (Object.hasOwn(scopes, token) ? new Principal(token, scopes[token]!) : null),
  };
  readonly door: FrontDoor;
  readonly #httpMetrics = new HttpMetrics(this.metrics);
  readonly #mounts: HttpMount[] = [];

  constructor(options: Partial<FrontDoorOptions> = {}) {
    this.door = new FrontDoor({ clock: this.clock, tokens: this.tokens, describe: () => null, ...options });
  }

  /** A mount that is not served yet. */
  create(name: string, plugin: string | null = name, trustedProxies: string[] = []): HttpMount {
    const mount = new HttpMount({
      name,
      plugin,
      clock: this.clock,
      tokens: this.tokens,
      logger: this.logger,
      redact: (text) => text.replaceAll('hunter2', '***'),
      enter: enterScope,
      metrics: this.#httpMetrics,
      trustedProxies,
    });
    this.#mounts.push(mount);
    return mount;
  }

  /** A plugin whose routes are served. */
  async plugin(name: string, declare: (mount: HttpMount) => void) {
    const mount = this.create(name);
    declare(mount);
    await mount.ready();
    return { mount, unmount: this.door.mount(name, mount) };
  }

  /** A plugin that says its name at `/hello`. */
  hello(name: string) {
    return this.plugin(name, (http) => http.routes((app) => void app.get('/hello', () => ({ from: name }))));
  }

  /** A free port on the loopback address. */
  listen() {
    return this.door.listen({ host: '127.0.0.1', port: 0 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.door.close(0);
    await Promise.all(this.#mounts.map((mount) => mount.close()));
    this.metrics.dispose();
  }

  #recorder(bound: object): Logger {
    const at = (level: string): LogMethod => {
      return (first: string | object, message?: string): void => {
        const fields = typeof first === 'string' ? bound : { ...bound, ...first };
        this.lines.push({
          level,
          message: typeof first === 'string' ? first : (message ?? ''),
          fields: { ...fields },
        });
      };
    };
    return {
      trace: at('trace'),
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      fatal: at('fatal'),
      child: (bindings) => this.#recorder({ ...bound, ...bindings }),
    };
  }
}

/** Sends bytes as they are over one connection and returns everything that comes back until it ends. */
export function sendRaw(port: number, bytes: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    received += chunk;
  });
  socket.on('error', reject);
  socket.on('close', () => resolve(received));
  return promise;
}

interface Answer {
  status: number;
  body: string;
  headers: IncomingMessage['headers'];
}

/** Sends a request with a token that may read, unless `headers` say otherwise. */
export function call(options: RequestOptions): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = httpRequest({ headers: { authorization: 'Bearer read-token' }, ...options }, (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      body += chunk;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
    response.on('error', reject);
  });
  request.on('error', reject);
  request.end();
  return promise;
}
