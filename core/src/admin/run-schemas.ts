import { z } from '@atoll/sdk';

export const runStates = ['queued', 'running', 'finished'] as const;

export const runOutcomes = [
  'succeeded',
  'failed',
  'timed_out',
  'cancelled',
  'crashed',
  'out_of_memory',
  'skipped_overlap',
  'interrupted',
] as const;

/** A run as the API shows it. */
export const runSchema = z.object({
  id: z.string(),
  job: z.string(),
  trigger: z.enum(['schedule', 'manual', 'api', 'cli', 'missed', 'retry', 'event']),
  state: z.enum(runStates),
  outcome: z.enum(runOutcomes).nullable(),
  scheduledFor: z.iso.datetime().nullable(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  attempts: z.int(),
  progress: z.object({
    value: z.number().meta({ description: '0 to 1.' }),
    phase: z.string().nullable(),
    message: z.string().nullable(),
  }),
  input: z.unknown(),
  result: z.unknown(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
});
