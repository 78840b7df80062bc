import { type Clock, type HealthResult, isAtollError } from '@atoll/sdk';
import type { MusicServer, ServerInfo } from '../server/music-server.js';
import { disabledService, type ServiceStatus } from './service-status.js';

const GOOD_FOR_MS = 60_000;

/** What the music server said when it was last asked; asking it happens behind the scenes, never while someone waits. */
export class ServerWatch {
  readonly #server: MusicServer | null;
  readonly #missing: readonly string[];
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #seen: { at: number; status: ServiceStatus } | null = null;
  #asking: Promise<ServiceStatus> | null = null;

  /** `missing` names the settings without which there is no server to ask. */
  constructor(server: MusicServer | null, missing: readonly string[], clock: Clock, signal: AbortSignal) {
    this.#server = server;
    this.#missing = missing;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** The last answer at once; one older than a minute is renewed for the next who asks. */
  current(): ServiceStatus {
    if (!this.#server) return this.#unset();
    const age = this.#seen ? this.#clock.monotonic() - this.#seen.at : Number.POSITIVE_INFINITY;
    if (age > GOOD_FOR_MS) void this.#ask(this.#server);
    return this.#seen?.status ?? { status: 'configured', message: 'not asked yet', healthy: false };
  }

  /** Asks the server, as the host's health check does. */
  async check(): Promise<HealthResult> {
    const status = this.#server ? await this.#ask(this.#server) : this.#unset();
    if (status.status === 'disabled') return { status: 'degraded', message: status.message };
    return { status: status.healthy ? 'healthy' : 'unhealthy', message: status.message };
  }

  #ask(server: MusicServer): Promise<ServiceStatus> {
    this.#asking ??= server
      .probe(this.#signal)
      .then(describeServer, describeFailure)
      .then((status) => {
        this.#seen = { at: this.#clock.monotonic(), status };
        return status;
      })
      .finally(() => {
        this.#asking = null;
      });
    return this.#asking;
  }

  #unset(): ServiceStatus {
    return disabledService(`${this.#missing.join(', ')} not set`);
  }
}

/** What a server is, in one line. */
export function describeServer(info: ServerInfo): ServiceStatus {
  const auth = info.auth === 'token' ? 'signed in by token' : 'signed in by password, as it takes no token';
  return { status: 'healthy', message: `${info.product} ${info.version}, ${auth}`, healthy: true };
}

function describeFailure(error: unknown): ServiceStatus {
  const hint = isAtollError(error) && error.hint ? ` ${error.hint}` : '';
  const message = error instanceof Error ? error.message : String(error);
  return { status: 'error', message: `${message}.${hint}`, healthy: false };
}
