import type { NewToken, TokenRecord } from '../auth/token-store.js';
import type { CliContext } from './cli-context.js';
import type { HostGateway } from './host-gateway.js';
import { listAll } from './list-all.js';

/** The API tokens, wherever they can be reached. */
export interface Tokens extends AsyncDisposable {
  create(input: NewToken): Promise<{ token: string; record: TokenRecord }>;
  list(): Promise<TokenRecord[]>;
  revoke(id: string): Promise<void>;
}

/** Through the running host; without one, on the data folder, which is owned meanwhile. */
export async function openTokens(context: CliContext): Promise<Tokens> {
  const host = await context.runningHost();
  return host ? tokensOfHost(host) : tokensOfDataFolder(context);
}

function tokensOfHost(host: HostGateway): Tokens {
  const path = '/api/v1/tokens';
  return {
    async create({ name, scopes, expiresAt }) {
      const body = { name, scopes, expiresAt: expiresAt?.toISOString() };
      const { token, ...record } = await host.request<TokenRecord & { token: string }>('POST', path, body);
      return { token, record };
    },
    list: () => listAll<TokenRecord>(host, path),
    revoke: (id) => host.request('DELETE', `${path}/${encodeURIComponent(id)}`),
    [Symbol.asyncDispose]: () => host.close(),
  };
}

async function tokensOfDataFolder(context: CliContext): Promise<Tokens> {
  const [{ loadConfig }, { acquireOwner }, { Storage }, { TokenStore }, { hostMigrations }, { SystemClock }] =
    await Promise.all([
      import('../config/load-config.js'),
      import('../storage/owner.js'),
      import('../storage/storage.js'),
      import('../auth/token-store.js'),
      import('../boot/host-migrations.js'),
      import('../clock/system-clock.js'),
    ]);
  const { createLogging } = await import('../logging/logging.js');
  // Plugins and their settings do not matter here, and problems of theirs must not keep an administrator out.
  const { host, dataDir } = await loadConfig({ ...context.location, plugins: [] });
  const clock = new SystemClock();
  const { logger } = createLogging({ level: 'warn', format: 'text', clock, stdout: context.io.stderr });
  await using cleanup = new AsyncDisposableStack();
  cleanup.use(await acquireOwner(dataDir));
  const storage = cleanup.use(await Storage.open({ dataDir, url: host.storage.url, clock, logger }));
  const store = await TokenStore.open({ db: await storage.host(hostMigrations), clock, logger });
  const owned = cleanup.move();
  return {
    create: (input) => store.create(input),
    list: async () => store.list(),
    revoke: (id) => store.revoke(id),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
