import { z } from '@atoll/sdk';

/** One list of a run; the counts compare it with what the server had. */
const playlistResult = z.object({
  name: z.string(),
  /** The server's id; null for a list that does not exist there. */
  id: z.string().nullable(),
  created: z.boolean(),
  added: z.int(),
  removed: z.int(),
  moved: z.int(),
  kept: z.int(),
  /** Why the list has fewer songs than it should; null when it is full. */
  short: z.string().nullable(),
});

/** What one source brought. */
const sourceResult = z.object({
  success: z.boolean(),
  /** Lists that hold songs of it. */
  playlists: z.int(),
  songs: z.int(),
  /** Why there were none, or fewer than usual. */
  reason: z.string().nullable(),
});

/** Figures of a run. */
const runStats = z.object({
  playlists_created: z.int(),
  playlists_updated: z.int(),
  playlists_unchanged: z.int(),
  playlists_failed: z.int(),
  /** Lists of other times of day that were taken away. */
  playlists_removed: z.int(),
  songs_found: z.int(),
  songs_skipped_low_rating: z.int(),
  /** Further copies of a recording. */
  songs_skipped_duplicate: z.int(),
  /** Times that a song wanted by two lists was kept from the second. */
  duplicates_prevented: z.int(),
  ai_calls: z.int(),
  /** Songs that the model would add and the library does not have. */
  wishes: z.array(z.object({ artist: z.string(), title: z.string() })),
});

/** The sources of this version; `timeofday_playlist` is the list of the hour, whoever chose its songs. */
const sourceNames = ['offline', 'ai_playlists', 'timeofday_playlist'] as const;

export type SourceName = (typeof sourceNames)[number];

/** The result of a run, dry or not. A source that is switched off is missing. */
export const generationResult = z.object({
  playlists: z.array(playlistResult),
  sources: z.partialRecord(z.enum(sourceNames), sourceResult),
  stats: runStats,
});

export type GenerationResult = z.output<typeof generationResult>;
export type SourceResult = z.output<typeof sourceResult>;
