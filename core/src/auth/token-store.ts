import { hash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { AtollError, type Clock, type Logger } from '@atoll/sdk';
import type { Kysely } from 'kysely';
import type { Authenticator } from './authenticator.js';
import type { AuthTables } from './migrations.js';
import { Principal } from './principal.js';
import { parseScope, type Scope } from './scope.js';

/** The id of the token that `ATOLL_ADMIN_TOKEN` sets. */
const environmentTokenId = 'environment';

/** A token as people see it: never its value. Times are ISO 8601 UTC. */
export interface TokenRecord {
  id: string;
  name: string;
  scopes: Scope[];
  createdAt: string;
  expiresAt: string | null;
  /** To the minute. */
  lastUsedAt: string | null;
}

export interface NewToken {
  name: string;
  scopes: readonly Scope[];
  expiresAt?: Date;
}

interface LiveToken {
  id: string;
  name: string;
  hash: string;
  scopes: Scope[];
  principal: Principal;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
}

const prefix = 'atoll_';
const minimumLength = 16;
const lastUsedResolutionMs = 60_000;

/**
 * The API tokens. Live ones are kept in memory, so that checking one costs no query and a wrong one cannot
 * be used to load the database; the data folder has one owner, so nobody else changes the table meanwhile.
 */
export class TokenStore implements Authenticator {
  readonly #db: Kysely<AuthTables>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #byHash = new Map<string, LiveToken>();
  /** Valid tokens seen so far, by value, to spare them the hash; never more than there are live tokens. */
  readonly #verified = new Map<string, LiveToken>();

  private constructor(db: Kysely<AuthTables>, clock: Clock, logger: Logger) {
    this.#db = db;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Reads the tokens of a migrated database. */
  static async open(options: { db: Kysely<AuthTables>; clock: Clock; logger: Logger }): Promise<TokenStore> {
    const store = new TokenStore(options.db, options.clock, options.logger);
    const rows = await options.db
      .selectFrom('auth_tokens')
      .selectAll()
      .where('revoked_at', 'is', null)
      .orderBy('created_at')
      .execute();
    for (const row of rows) {
      store.#keep({
        id: row.id,
        name: row.name,
        hash: row.hash,
        scopes: JSON.parse(row.scopes) as Scope[],
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        lastUsedAt: row.last_used_at,
      });
    }
    return store;
  }

  verify(token: string): Principal | null {
    const live = this.#verified.get(token) ?? this.#lookUp(token);
    if (!live) return null;
    const now = this.#clock.now();
    if (live.expiresAt !== null && live.expiresAt <= now) return null;
    if (live.lastUsedAt === null || now - live.lastUsedAt >= lastUsedResolutionMs || now < live.lastUsedAt) {
      live.lastUsedAt = now;
      void this.#noteUse(live.id, now);
    }
    return live.principal;
  }

  /** Makes a token; its value is in the answer and nowhere else. Resolves when it is on disk. */
  async create(input: NewToken): Promise<{ token: string; record: TokenRecord }> {
    const name = input.name.trim();
    if (name === '')
      throw new AtollError('bad_request', 'A token needs a name.', { hint: 'Say what it is for.' });
    if (input.scopes.length === 0) {
      throw new AtollError('bad_request', `The token "${name}" has no scope.`, {
        hint: 'Give it read, operate or admin.',
      });
    }
    for (const scope of input.scopes) {
      if (parseScope(scope)) continue;
      throw new AtollError('bad_request', `"${scope}" is not a scope.`, {
        hint: 'Use read, operate, admin, plugin:<id> or plugin:<id>:<read|operate|admin>.',
      });
    }
    const now = this.#clock.now();
    if (input.expiresAt && !(input.expiresAt.getTime() > now)) {
      throw new AtollError('bad_request', `The token "${name}" would have expired already.`, {
        hint: 'Give a time in the future, or none.',
      });
    }
    const token = prefix + randomBytes(32).toString('base64url');
    const live = {
      id: randomUUID(),
      name,
      hash: sha256(token),
      scopes: [...input.scopes],
      createdAt: now,
      expiresAt: input.expiresAt?.getTime() ?? null,
      lastUsedAt: null,
    };
    await this.#insert(live);
    return { token, record: toRecord(this.#keep(live)) };
  }

  /** The tokens that are not revoked, oldest first; expired ones are among them. */
  list(): TokenRecord[] {
    return [...this.#byHash.values()].map(toRecord);
  }

  /** Ends a token at once. Throws `not_found`, or `conflict` for the one of the environment. */
  async revoke(id: string): Promise<void> {
    if (id === environmentTokenId && this.#byId(id)) {
      throw new AtollError('conflict', 'This token is set by ATOLL_ADMIN_TOKEN.', {
        hint: 'Remove or change the variable and restart Atoll.',
      });
    }
    const live = this.#byId(id);
    if (!live) throw new AtollError('not_found', `There is no token with the id "${id}".`);
    await this.#db
      .updateTable('auth_tokens')
      .set({ revoked_at: this.#clock.now() })
      .where('id', '=', id)
      .execute();
    this.#forget(live);
  }

  /**
   * Sees to it that somebody can get in: sets or removes the token of `ATOLL_ADMIN_TOKEN`, and on the very first
   * start without one creates an admin token. Returns that token, to be printed once, or null.
   */
  async ensureAdmin(environmentToken: string | undefined): Promise<string | null> {
    await this.#setEnvironmentToken(environmentToken);
    const any = await this.#db.selectFrom('auth_tokens').select('id').limit(1).executeTakeFirst();
    if (any) return null;
    const { token } = await this.create({ name: 'first start', scopes: ['admin'] });
    return token;
  }

  async #setEnvironmentToken(value: string | undefined): Promise<void> {
    const current = this.#byId(environmentTokenId);
    if (value === undefined) {
      if (!current) return;
      this.#forget(current);
      await this.#db.deleteFrom('auth_tokens').where('id', '=', environmentTokenId).execute();
      return;
    }
    if (value.length < minimumLength || value.length > 512 || !/^[\x21-\x7e]+$/.test(value)) {
      throw new AtollError(
        'config_invalid',
        `ATOLL_ADMIN_TOKEN must be ${minimumLength} to 512 printable characters without spaces.`,
        { hint: 'Make one with: openssl rand -base64 32' },
      );
    }
    const hashed = sha256(value);
    if (current?.hash === hashed) return;
    const twin = this.#byHash.get(hashed);
    if (twin) {
      throw new AtollError('config_invalid', `ATOLL_ADMIN_TOKEN repeats the token "${twin.name}".`, {
        hint: 'Use a value of its own, or revoke that token first.',
      });
    }
    const live = {
      id: environmentTokenId,
      name: 'ATOLL_ADMIN_TOKEN',
      hash: hashed,
      scopes: ['admin'],
      createdAt: this.#clock.now(),
      expiresAt: null,
      lastUsedAt: null,
    };
    await this.#db.transaction().execute(async (trx) => {
      // A revoked token may have had the same value; the operator's word counts more.
      await trx
        .deleteFrom('auth_tokens')
        .where((eb) => eb.or([eb('id', '=', environmentTokenId), eb('hash', '=', hashed)]))
        .execute();
      await this.#insert(live, trx);
    });
    if (current) this.#forget(current);
    this.#keep(live);
  }

  async #insert(token: Omit<LiveToken, 'principal'>, db: Kysely<AuthTables> = this.#db): Promise<void> {
    await db
      .insertInto('auth_tokens')
      .values({
        id: token.id,
        name: token.name,
        hash: token.hash,
        scopes: JSON.stringify(token.scopes),
        created_at: token.createdAt,
        expires_at: token.expiresAt,
        last_used_at: null,
        revoked_at: null,
      })
      .execute();
  }

  async #noteUse(id: string, at: number): Promise<void> {
    try {
      await this.#db.updateTable('auth_tokens').set({ last_used_at: at }).where('id', '=', id).execute();
    } catch (err) {
      this.#logger.warn({ err }, 'could not note when a token was used');
    }
  }

  #lookUp(token: string): LiveToken | undefined {
    const hashed = sha256(token);
    const live = this.#byHash.get(hashed);
    if (!live || !timingSafeEqual(Buffer.from(live.hash), Buffer.from(hashed))) return undefined;
    this.#verified.set(token, live);
    return live;
  }

  #byId(id: string): LiveToken | undefined {
    for (const live of this.#byHash.values()) if (live.id === id) return live;
    return undefined;
  }

  #keep(token: Omit<LiveToken, 'principal'>): LiveToken {
    const live = { ...token, principal: new Principal(token.name, token.scopes) };
    this.#byHash.set(live.hash, live);
    return live;
  }

  #forget(live: LiveToken): void {
    this.#byHash.delete(live.hash);
    this.#verified.clear();
  }
}

function sha256(token: string): string {
  return hash('sha256', token, 'hex');
}

function toRecord(live: LiveToken): TokenRecord {
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return {
    id: live.id,
    name: live.name,
    scopes: [...live.scopes],
    createdAt: new Date(live.createdAt).toISOString(),
    expiresAt: iso(live.expiresAt),
    lastUsedAt: iso(live.lastUsedAt),
  };
}
