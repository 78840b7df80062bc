import type { Clock, Logger, Metrics, PluginContext } from '@atoll/sdk';

/** Makes a plugin's `ctx.timed`. The histogram exists from the first use on. */
export function createTimed(
  plugin: string,
  { clock, logger, metrics }: { clock: Clock; logger: Logger; metrics: Metrics },
): PluginContext['timed'] {
  let histogram: ReturnType<typeof register> | undefined;
  const register = () =>
    metrics.histogram({
      name: `atoll_${plugin.replaceAll('-', '_')}_operation_duration_seconds`,
      help: 'Duration of the operations that the plugin times, in seconds',
      labels: ['op', 'outcome'],
    });
  return async (operation, fn) => {
    histogram ??= register();
    const started = clock.monotonic();
    const finish = (outcome: 'succeeded' | 'failed'): void => {
      const duration = (clock.monotonic() - started) / 1000;
      histogram?.observe(duration, { op: operation, outcome });
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
