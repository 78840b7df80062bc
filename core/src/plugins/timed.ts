import type { Clock, Logger, Metrics, PluginContext } from '@atoll/sdk';

/** Makes a plugin's `ctx.timed`. The histogram exists from the first use on, if that comes before the plugin stops. */
export function createTimed(
  plugin: string,
  { clock, logger, metrics, signal }: { clock: Clock; logger: Logger; metrics: Metrics; signal: AbortSignal },
): PluginContext['timed'] {
  let histogram: ReturnType<typeof register> | undefined;
  const register = () =>
    metrics.histogram({
      name: `atoll_${plugin.replaceAll('-', '_')}_operation_duration_seconds`,
      help: 'Duration of the operations that the plugin times, in seconds',
      labels: ['op', 'outcome'],
    });
  return async (operation, fn) => {
    if (!signal.aborted) histogram ??= register();
    const started = clock.monotonic();
    const finish = (outcome: 'succeeded' | 'failed'): void => {
      const duration = clock.monotonic() - started;
      histogram?.observe(duration / 1000, { op: operation, outcome });
      logger.debug({ operation, duration, outcome }, `${operation} ${outcome}`);
    };
    try {
      const result = await fn();
      finish('succeeded');
      return result;
    } catch (error) {
      finish('failed');
      throw error;
    }
  };
}
