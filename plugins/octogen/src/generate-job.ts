import { AtollError, ConfigError, isAtollError, type PluginContext, type RunContext } from '@atoll/sdk';
import { type OctogenConfig, scheduleOf } from './config.js';
import { playlistsWritten, runFailed } from './events.js';
import type { OctogenMetrics } from './metrics.js';
import { type GenerateInput, generateInput } from './run/generate-input.js';
import type { GenerationResult } from './run/generation-result.js';
import type { Generator } from './run/generator.js';
import type { LastRunStore } from './run/last-run.js';
import type { RunState } from './run/run-state.js';

const TIMEOUT_MS = 3 * 3_600_000;

export interface GenerateJobParts {
  /** Null where no server is set up. */
  generator: Generator | null;
  /** What is missing then. */
  missing: readonly string[];
  metrics: OctogenMetrics;
  lastRun: LastRunStore;
  state: RunState;
}

/** Defines `octogen/generate`: makes the lists, and tells figures, events and the tracker of it unless it is a dry run. */
export function defineGenerateJob(ctx: PluginContext<OctogenConfig>, parts: GenerateJobParts): void {
  const cron = scheduleOf(ctx.config);
  try {
    ctx.jobs.define({
      name: 'generate',
      title: 'Make playlists',
      description: 'Reads the library, chooses songs and writes the playlists.',
      input: generateInput,
      ...(cron === null ? {} : { schedule: { cron } }),
      timeoutMs: TIMEOUT_MS,
      overlap: 'skip',
      onInterrupt: 'retry',
      run: (run) => parts.state.during(() => runJob(ctx, parts, run)),
    });
  } catch (error) {
    if (cron === null) throw error;
    throw new ConfigError('schedule', `"${cron}" is no usable schedule`, {
      hint: 'Write a cron expression of five fields (SCHEDULE_CRON), or off.',
      cause: error,
    });
  }
}

async function runJob(
  ctx: PluginContext<OctogenConfig>,
  parts: GenerateJobParts,
  run: RunContext<GenerateInput>,
): Promise<GenerationResult> {
  const { generator } = parts;
  if (!generator) throw notConfigured(parts.missing);
  const startedAt = ctx.clock.now();
  const started = ctx.clock.monotonic();
  const handle = {
    signal: run.signal,
    logger: run.logger,
    progress: (value: number, phase: string, message?: string) => run.progress(value, phase, message),
  };
  try {
    const result = await ctx.timed('generate', () => generator.run(run.input, handle));
    if (!run.input.dryRun) {
      parts.metrics.lastRunDuration.set((ctx.clock.monotonic() - started) / 1000);
      await parts.lastRun.write({
        startedAt,
        finishedAt: ctx.clock.now(),
        outcome: 'succeeded',
        message: null,
      });
      tell(ctx, run, result);
    }
    return result;
  } catch (error) {
    if (!run.input.dryRun && !run.signal.aborted) await rememberFailure(ctx, parts, run.id, startedAt, error);
    throw error;
  }
}

function tell(ctx: PluginContext, run: RunContext<GenerateInput>, result: GenerationResult): void {
  const { wishes, ...figures } = result.stats;
  run.logger.info({ ...figures, wishes: wishes.length }, 'playlists are up to date');
  const playlists = result.playlists
    .filter((list) => list.created || list.added + list.removed + list.moved > 0)
    .map(({ name, id, created, added, removed }) => ({ name, id, created, added, removed }));
  if (playlists.length > 0) ctx.events.emit(playlistsWritten, { run: run.id, playlists });
}

async function rememberFailure(
  ctx: PluginContext,
  parts: GenerateJobParts,
  run: string,
  startedAt: number,
  error: unknown,
): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  ctx.events.emit(runFailed, { run, code: isAtollError(error) ? error.code : 'internal', message });
  try {
    await parts.lastRun.write({ startedAt, finishedAt: ctx.clock.now(), outcome: 'failed', message });
  } catch (err) {
    // A full disk must not hide why the run failed.
    ctx.logger.error({ err }, 'the failed run could not be recorded');
  }
}

function notConfigured(missing: readonly string[]): AtollError {
  return new AtollError('octogen_not_configured', 'octogen has no music server to work with', {
    hint: `Set ${missing.join(', ')}, in the environment or under plugins.octogen.config.navidrome.`,
    status: 409,
  });
}
