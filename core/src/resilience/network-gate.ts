import { AtollError } from '@atoll/sdk';

const defaultPorts: Record<string, string> = { 'http:': '80', 'https:': '443' };

/** Refuses outgoing connections, for tests: what a test does not name is not reached. */
export class NetworkGate {
  readonly #deny: boolean;
  readonly #allowed: readonly string[];

  /**
   * @param allowed `host` or `host:port` of what may be reached all the same. Read at each check, so that a server
   *   started later can be added.
   */
  constructor(deny: boolean, allowed: readonly string[]) {
    this.#deny = deny;
    this.#allowed = allowed;
  }

  /** Throws `network_denied` where `url` may not be reached. */
  check(url: URL, plugin: string): void {
    if (!this.#deny) return;
    const address = `${url.hostname}:${url.port || defaultPorts[url.protocol]}`;
    if (this.#allowed.includes(address) || this.#allowed.includes(url.hostname)) return;
    throw new AtollError(
      'network_denied',
      `${plugin}: ${url.origin}${url.pathname} was not called, the network is denied`,
      { plugin, hint: `Answer it with a stub, or allow "${address}".` },
    );
  }
}
