import type { RouteAuth } from '@atoll/sdk';
import { accessRank, parseScope, type Scope } from './scope.js';

/** Who makes a request, and what they may do. */
export class Principal {
  /** What messages call it: a token's name, or how the caller came in. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** True for whoever may open the socket in the data folder: the command line of the same user. */
  readonly owner: boolean;
  readonly #hostRank: number;
  readonly #pluginRanks: ReadonlyMap<string, number>;

  constructor(name: string, scopes: readonly Scope[], owner = false) {
    this.name = name;
    this.scopes = scopes;
    this.owner = owner;
    let hostRank = 0;
    const pluginRanks = new Map<string, number>();
    for (const scope of scopes.map(parseScope)) {
      if (!scope) continue;
      const rank = accessRank[scope.level];
      if (scope.plugin === null) hostRank = Math.max(hostRank, rank);
      else pluginRanks.set(scope.plugin, Math.max(pluginRanks.get(scope.plugin) ?? 0, rank));
    }
    this.#hostRank = hostRank;
    this.#pluginRanks = pluginRanks;
  }

  /** Whether it may call a route that asks for `auth`, of `plugin` or of the host (null). */
  allows(auth: RouteAuth, plugin: string | null): boolean {
    const rank = accessRank[auth];
    return this.#hostRank >= rank || (plugin !== null && (this.#pluginRanks.get(plugin) ?? 0) >= rank);
  }
}
