import { AtollError, type Disposer, type Services, type Token } from '@atoll/sdk';

/** What a plugin may do with services, from its manifest. */
export interface ServiceRights {
  plugin: string;
  uses: readonly string[];
  provides: readonly string[];
}

/** The services that running plugins offer each other, by token. */
export class ServiceRegistry {
  readonly #offers = new Map<symbol, { plugin: string; service: unknown }>();
  readonly #swapped: ReadonlyMap<symbol, unknown>;

  /** `swapped` stands in front of every provider; tests use it. */
  constructor(swapped: ReadonlyMap<symbol, unknown> = new Map()) {
    this.#swapped = swapped;
  }

  forPlugin(rights: ServiceRights): Services {
    return {
      provide: (token, service) => this.#provide(rights, token, service),
      use: (token) => this.#use(rights, token),
    };
  }

  #provide<T>({ plugin, provides }: ServiceRights, token: Token<T>, service: T): Disposer {
    const name = serviceName(token);
    if (!provides.includes(name)) {
      throw new AtollError('plugin_failed', `${plugin}: it provides "${name}" without saying so`, {
        plugin,
        hint: `Add "${name}" to "provides" in the "atoll" field of its package.json.`,
      });
    }
    const other = this.#offers.get(token);
    if (other) {
      throw new AtollError('conflict', `${plugin}: "${name}" is already provided by ${other.plugin}`, {
        plugin,
      });
    }
    this.#offers.set(token, { plugin, service });
    return () => void this.#offers.delete(token);
  }

  #use<T>({ plugin, uses }: ServiceRights, token: Token<T>): T {
    if (this.#swapped.has(token)) return this.#swapped.get(token) as T;
    const name = serviceName(token);
    const offer = this.#offers.get(token);
    if (!offer) {
      throw new AtollError('dependency_missing', `${plugin}: no running plugin provides "${name}"`, {
        plugin,
        hint: uses.length
          ? `Check that ${uses.join(', ')} is enabled and running.`
          : 'Name the provider in "uses" in the "atoll" field of its package.json.',
      });
    }
    if (offer.plugin !== plugin && !uses.includes(offer.plugin)) {
      throw new AtollError(
        'plugin_failed',
        `${plugin}: it uses "${name}" of ${offer.plugin} without saying so`,
        {
          plugin,
          hint: `Add "${offer.plugin}" to "uses" in the "atoll" field of its package.json.`,
        },
      );
    }
    return offer.service as T;
  }
}

/** The name a token was made with. */
function serviceName(token: symbol): string {
  return (token.description ?? '').replace(/^atoll:/, '');
}
