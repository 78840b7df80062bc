import { type PluginContext, z } from '@atoll/sdk';
import type { Library } from '../library/library.js';
import type { LastRunStore } from '../run/last-run.js';
import type { RunState } from '../run/run-state.js';
import { type Services, serviceOverview } from '../status/service-overview.js';
import type { Ledger } from '../writing/ledger.js';

export interface StatusRouteParts {
  library: Library;
  /** Null where no server is set up. */
  ledger: Ledger | null;
  lastRun: LastRunStore;
  state: RunState;
  services: Services;
}

const instant = z.iso.datetime().nullable();

/** `health`, `services`, `stats` and `status`, in the shapes of the tool that octogen follows. None asks a server. */
export function statusRoutes(ctx: PluginContext, parts: StatusRouteParts): void {
  const overview = ctx.http.schema('Services', serviceOverview);

  const lastRun = async (): Promise<string | null> => {
    const run = await parts.lastRun.read();
    return run && new Date(run.finishedAt).toISOString();
  };
  const nextRun = (): string | null => ctx.jobs.next('generate', 1)[0]?.toISOString() ?? null;

  ctx.http.routes((app) => {
    app.get(
      '/health',
      {
        schema: {
          summary: 'Whether the services in use work',
          response: { 200: z.object({ status: z.enum(['healthy', 'degraded']), services: overview }) },
        },
      },
      () => ({ status: parts.services.health(), services: parts.services.overview() }),
    );
    app.get(
      '/services',
      { schema: { summary: 'Every service, and how it is doing', response: { 200: overview } } },
      () => parts.services.overview(),
    );
    app.get(
      '/stats',
      {
        schema: {
          summary: 'Figures of the library and the lists',
          response: {
            200: z.object({
              cache_size: z.int(),
              songs_rated: z.int(),
              low_rated_count: z.int(),
              last_run: instant,
              next_run: instant,
              playlists_created: z.int(),
            }),
          },
        },
      },
      async () => {
        const { songs, rated, lowRated } = await parts.library.statistics();
        return {
          cache_size: songs,
          songs_rated: rated,
          low_rated_count: lowRated,
          last_run: await lastRun(),
          next_run: nextRun(),
          playlists_created: (await parts.ledger?.entries())?.length ?? 0,
        };
      },
    );
    app.get(
      '/status',
      {
        schema: {
          summary: 'What octogen is doing',
          response: {
            200: z.object({
              status: z.enum(['unconfigured', 'running', 'unhealthy', 'scheduled', 'healthy']),
              last_run: instant,
              next_run: instant,
            }),
          },
        },
      },
      async () => {
        const run = await parts.lastRun.read();
        const next = nextRun();
        const idle = run?.outcome === 'failed' ? 'unhealthy' : next === null ? 'healthy' : 'scheduled';
        const status = parts.ledger === null ? 'unconfigured' : parts.state.running ? 'running' : idle;
        return { status, last_run: await lastRun(), next_run: next } as const;
      },
    );
  });
}
