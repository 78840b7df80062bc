import { defineEvent, z } from '@atoll/sdk';

/** A plugin changed its state. */
export const pluginStateChanged = defineEvent(
  'atoll.plugin.changed',
  z.object({ plugin: z.string(), from: z.string(), state: z.string(), reason: z.string().nullable() }),
);

/** A run ended. */
export const runFinished = defineEvent(
  'atoll.run.finished',
  z.object({
    run: z.string(),
    job: z.string(),
    trigger: z.string(),
    outcome: z.string(),
    error: z.string().nullable(),
  }),
);
