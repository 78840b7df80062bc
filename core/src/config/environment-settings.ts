import { duration } from '@atoll/sdk';
import { z } from 'zod';

/** Settings of the host that stand in no file: they are given by variables alone. */
export const environmentSettingsSchema = z
  .strictObject({
    adminToken: z
      .string()
      .min(1)
      .optional()
      .meta({
        title: 'Admin token',
        description:
          'An admin API token that is valid from every start on. Default: one is made at the first start.',
        env: ['ATOLL_ADMIN_TOKEN'],
        secret: true,
      }),
    metricsEnabled: z
      .boolean()
      .optional()
      .meta({
        title: 'Metrics',
        description:
          'true opens a port of its own for /metrics, false serves no metrics at all. Default: /metrics on the main port.',
        env: ['METRICS_ENABLED'],
        examples: [true],
      }),
    metricsPort: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .meta({
        title: 'Metrics port',
        description: 'Port that serves /metrics without a token. 9090 where only METRICS_ENABLED is set.',
        env: ['METRICS_PORT'],
        examples: [9090],
      }),
    circuitBreakerThreshold: z
      .int()
      .min(1)
      .max(1000)
      .default(5)
      .meta({
        title: 'Circuit threshold',
        description: 'Failures in a row after which calls to a service stop for a while.',
        unit: 'failures',
        env: ['CIRCUIT_BREAKER_THRESHOLD'],
      }),
    circuitBreakerTimeout: duration({ unit: 's', min: 1_000, max: 86_400_000 })
      .prefault('60s')
      .meta({
        title: 'Circuit time',
        description: 'How long such calls stop before one is tried again.',
        env: ['CIRCUIT_BREAKER_TIMEOUT'],
      }),
    showProgress: z
      .boolean()
      .optional()
      .meta({
        title: 'Progress',
        description: 'Whether commands draw progress bars. Default: on a terminal.',
        env: ['SHOW_PROGRESS'],
        examples: [true],
      }),
    debug: z
      .boolean()
      .default(false)
      .meta({
        title: 'Debug',
        description: 'true sets the log level to debug where LOG_LEVEL is not set.',
        env: ['DEBUG'],
      }),
    logDir: z
      .string()
      .trim()
      .min(1)
      .optional()
      .meta({
        title: 'Log folder',
        description: 'Writes atoll.log there where LOG_FILE is not set.',
        env: ['LOG_DIR'],
        examples: ['./data/logs'],
      }),
  })
  .meta({ title: 'Set by variables alone' });
