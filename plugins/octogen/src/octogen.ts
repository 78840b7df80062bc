import { definePlugin, type PluginContext } from '@atoll/sdk';
import { missingSettings, type OctogenConfig, octogenConfig } from './config.js';
import { generateCommand } from './generate-command.js';
import { defineGenerateJob } from './generate-job.js';
import { LibraryIndex } from './library/library-index.js';
import { libraryMigrations } from './library/library-migrations.js';
import type { LibrarySchema } from './library/library-schema.js';
import { createMetrics, meteredResilience } from './metrics.js';
import { aiTarget } from './model/ai-backend.js';
import { createModelEngine } from './model/create-model-engine.js';
import { libraryRoutes } from './routes/library-routes.js';
import { playlistRoutes } from './routes/playlist-routes.js';
import { statusRoutes } from './routes/status-routes.js';
import { Generator, type GeneratorSettings } from './run/generator.js';
import { LastRunStore } from './run/last-run.js';
import { RunState } from './run/run-state.js';
import { limitScan } from './run/scan-limits.js';
import { WriteLists } from './run/write-lists.js';
import type { MusicServer } from './server/music-server.js';
import { SubsonicServer } from './server/subsonic-server.js';
import { checkConnections } from './status/check-connections.js';
import { ServerWatch } from './status/server-watch.js';
import { Services } from './status/service-overview.js';
import { FinishInterrupted } from './writing/finish-interrupted.js';
import { Ledger } from './writing/ledger.js';
import { type LedgerTables, ledgerMigrations } from './writing/ledger-migrations.js';
import { PlaylistWriter } from './writing/playlist-writer.js';

/** Playlists for Navidrome and other Subsonic servers, from the library alone or with a language model. */
export const octogen = definePlugin({
  id: 'octogen',
  name: 'OctoGen',
  config: octogenConfig,
  migrations: { ...libraryMigrations, ...ledgerMigrations },
  commands: [generateCommand],
  setup,
});

function setup(ctx: PluginContext<OctogenConfig>): void {
  const { config, clock, logger } = ctx;
  const db = ctx.storage.db<LibrarySchema & LedgerTables>();
  const lastRun = new LastRunStore(ctx.storage.kv);
  const metrics = createMetrics(ctx.metrics, lastRun);
  const resilience = meteredResilience(ctx.resilience, metrics, clock);
  const library = new LibraryIndex({ db, clock, logger });
  const matcher = library.matcher();
  const state = new RunState();
  const missing = missingSettings(config);
  const target = aiTarget(config.ai);
  const model =
    target && createModelEngine({ ctx, resilience, target, onTokens: (n) => metrics.aiTokens.inc({}, n) });

  const server = connect(ctx, missing, resilience);
  const lists = server && listKeeping(ctx, server, db);
  const generator =
    server &&
    lists &&
    new Generator({
      server,
      library,
      model,
      matcher,
      writeLists: lists.writeLists,
      onWritten: (source) => metrics.playlistsCreated.inc({ source }),
      clock,
      timezone: ctx.timezone,
      settings: generatorSettings(config),
    });

  const watch = new ServerWatch(server, missing, clock, ctx.signal);
  ctx.health.check('music-server', () => watch.check(), { intervalMs: 60_000 });
  ctx.check((signal) => checkConnections({ server, missing, target, clock }, signal));
  defineGenerateJob(ctx, { generator, missing, metrics, lastRun, state });
  const services = new Services(watch, target, model);
  statusRoutes(ctx, { library, ledger: lists?.ledger ?? null, lastRun, state, services });
  playlistRoutes(ctx, lists && { library, ...lists });
  libraryRoutes(ctx, library, matcher);
}

/** The server as configured, not yet asked anything; null while settings are missing. */
function connect(
  ctx: PluginContext<OctogenConfig>,
  missing: readonly string[],
  resilience: PluginContext['resilience'],
): MusicServer | null {
  const { url, user, password } = ctx.config.navidrome;
  if (missing.length > 0 || url === undefined) return null;
  const server = new SubsonicServer(resilience, { url, username: user, password }, ctx.logger);
  const { albumBatchSize, maxAlbums } = ctx.config.scan;
  return limitScan(server, { pageSize: albumBatchSize, maxAlbums });
}

function listKeeping(
  ctx: PluginContext,
  server: MusicServer,
  db: ConstructorParameters<typeof Ledger>[0],
): { ledger: Ledger; writeLists: WriteLists } {
  const ledger = new Ledger(db, ctx.clock, server.account ?? '');
  const writer = new PlaylistWriter(server, ledger, ctx.logger);
  const interrupted = new FinishInterrupted(server, ledger, ctx.logger);
  return { ledger, writeLists: new WriteLists(writer, interrupted) };
}

function generatorSettings({ playlists, timeOfDay }: OctogenConfig): GeneratorSettings {
  const { morning, afternoon, evening, night } = timeOfDay;
  return {
    sizes: { discovery: playlists.discoverySize, songs: playlists.size, timeOfDay: timeOfDay.size },
    rules: {
      maxPerArtist: playlists.maxPerArtist,
      maxPerAlbum: playlists.maxPerAlbum,
      artistSpacing: playlists.artistSpacing,
      maxSongMs: playlists.maxSongLength,
    },
    timeOfDay: { enabled: timeOfDay.enabled, windows: { morning, afternoon, evening, night } },
  };
}
