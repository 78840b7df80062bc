import { defineEvent, z } from '@atoll/sdk';

/** A run has changed playlists on the music server. */
export const playlistsWritten = defineEvent(
  'octogen.playlists.written',
  z.object({
    run: z.string(),
    playlists: z.array(
      z.object({
        name: z.string(),
        id: z.string().nullable(),
        created: z.boolean(),
        added: z.int(),
        removed: z.int(),
      }),
    ),
  }),
);

/** A run that was not dry has failed. */
export const runFailed = defineEvent(
  'octogen.run.failed',
  z.object({ run: z.string(), code: z.string(), message: z.string() }),
);
