import { cronExpression, duration, httpUrl, z } from '@atoll/sdk';
import { aiBackends } from './model/ai-backend.js';

const hour = (fallback: number, title: string, env: string, max = 23) =>
  z
    .int()
    .min(0)
    .max(max)
    .default(fallback)
    .meta({ title, env: [env], unit: 'h' });

const period = (name: string, start: number, end: number) => {
  const variable = `TIMEOFDAY_${name.toUpperCase()}`;
  return z
    .strictObject({
      start: hour(start, `First hour of the ${name}`, `${variable}_START`),
      end: hour(end, `Hour that ends the ${name}`, `${variable}_END`, 24),
    })
    .prefault({})
    .meta({ description: 'Local hours; an end that is not later than the start means the next day.' });
};

/** Words that leave the making of lists to you, beside a cron expression. */
const manualWords = ['', 'manual', 'off', 'false', 'no', 'disabled'] as const;

export const octogenConfig = z.strictObject({
  navidrome: z
    .strictObject({
      url: httpUrl()
        .optional()
        .meta({
          title: 'Address of the music server',
          description:
            'Navidrome, gonic, supysonic or another server of the Subsonic protocol, without /rest.',
          env: ['NAVIDROME_URL'],
        }),
      user: z
        .string()
        .trim()
        .default('')
        .meta({
          title: 'User',
          description: 'The lists are made from this user’s ratings and plays, and belong to this user.',
          env: ['NAVIDROME_USER'],
        }),
      password: z
        .string()
        .default('')
        .meta({ title: 'Password', env: ['NAVIDROME_PASSWORD'], secret: true }),
    })
    .prefault({})
    .meta({ title: 'Music server' }),
  ai: z
    .strictObject({
      apiKey: z
        .string()
        .trim()
        .default('')
        .meta({
          title: 'API key',
          description:
            'Empty: lists are made from your library alone, unless a backend is set that needs no key.',
          env: ['AI_API_KEY'],
          secret: true,
        }),
      backend: z
        .enum(aiBackends)
        .default('gemini')
        .meta({
          title: 'Backend',
          description: 'Which service answers; each is reached over its OpenAI-compatible endpoint.',
          env: ['AI_BACKEND'],
        }),
      model: z
        .string()
        .trim()
        .default('')
        .meta({
          title: 'Model',
          description: 'Empty: a usual one of the backend (gemini: gemini-2.5-flash).',
          env: ['AI_MODEL'],
        }),
      baseUrl: httpUrl()
        .optional()
        .meta({
          title: 'Address of the endpoint',
          description: 'Up to and without /chat/completions. Default: that of the backend.',
          env: ['AI_BASE_URL'],
        }),
      maxContextSongs: z
        .int()
        .min(20)
        .max(2000)
        .default(500)
        .meta({
          title: 'Songs shown to the model',
          env: ['AI_MAX_CONTEXT_SONGS'],
          unit: 'songs',
        }),
      maxOutputTokens: z
        .int()
        .min(256)
        .max(1_000_000)
        .default(65_535)
        .meta({
          title: 'Longest answer',
          description: 'Lowered by itself to what the model is known to allow.',
          env: ['AI_MAX_OUTPUT_TOKENS'],
          unit: 'tokens',
        }),
      requestTimeout: duration({ unit: 's', min: 1_000, max: 3_600_000 })
        .prefault('5m')
        .meta({
          title: 'Time the model may take',
          env: ['AI_REQUEST_TIMEOUT'],
        }),
      callsPerDay: z.int().min(1).max(1000).default(1).meta({
        title: 'Questions to the model a day',
        description: 'Dry runs and questions that got no usable answer do not count.',
      }),
    })
    .prefault({})
    .meta({ title: 'Language model' }),
  schedule: z
    .union([z.enum(manualWords), cronExpression()])
    .default('')
    .meta({
      title: 'When lists are made',
      description:
        'A cron expression in the host’s time zone, for example 0 2,4,10,16,22 * * *; off or empty: on demand.',
      env: ['SCHEDULE_CRON'],
    }),
  playlists: z
    .strictObject({
      discoverySize: z.int().min(5).max(500).default(50).meta({ title: 'Songs of Discovery', unit: 'songs' }),
      size: z.int().min(5).max(500).default(30).meta({ title: 'Songs of every other list', unit: 'songs' }),
      maxPerArtist: z.int().min(1).max(50).default(2).meta({
        title: 'Songs of one artist on a list',
        unit: 'songs',
      }),
      maxPerAlbum: z
        .int()
        .min(1)
        .max(50)
        .default(3)
        .meta({ title: 'Songs of one album on a list', unit: 'songs' }),
      artistSpacing: z.int().min(0).max(20).default(4).meta({
        title: 'Songs between two of one artist',
        description: 'As far as the artists of a list allow.',
        unit: 'songs',
      }),
      maxSongLength: duration({ unit: 'm', min: 60_000 }).prefault('20m').meta({
        title: 'Longest song',
        description: 'Longer ones, such as whole sets and audiobooks, are left out.',
      }),
    })
    .prefault({})
    .meta({ title: 'Playlists' }),
  timeOfDay: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .meta({
          title: 'A list for the time of day',
          description: 'Only the current one exists; the others are removed when a run replaces them.',
          env: ['TIMEOFDAY_ENABLED'],
        }),
      size: z
        .int()
        .min(10)
        .max(100)
        .default(30)
        .meta({
          title: 'Songs of the list',
          env: ['TIMEOFDAY_PLAYLIST_SIZE'],
          unit: 'songs',
        }),
      morning: period('morning', 4, 10),
      afternoon: period('afternoon', 10, 16),
      evening: period('evening', 16, 22),
      night: period('night', 22, 4),
    })
    .prefault({})
    .meta({ title: 'Time of day' }),
  scan: z
    .strictObject({
      albumBatchSize: z
        .int()
        .min(10)
        .max(500)
        .default(500)
        .meta({
          title: 'Albums a page',
          description: 'Servers allow at most 500.',
          env: ['PERF_ALBUM_BATCH_SIZE'],
          unit: 'albums',
        }),
      maxAlbums: z
        .int()
        .min(1)
        .max(500_000)
        .default(10_000)
        .meta({
          title: 'Albums read at most',
          env: ['PERF_MAX_ALBUMS_SCAN'],
          unit: 'albums',
        }),
    })
    .prefault({})
    .meta({ title: 'Reading the library' }),
});

export type OctogenConfig = z.output<typeof octogenConfig>;

/** The cron expression that lists are made by; null for on demand. */
export function scheduleOf(config: OctogenConfig): string | null {
  return manualWords.some((word) => word === config.schedule) ? null : config.schedule;
}

/** What of the music server is still to be set, as the variables' names; empty when all is there. */
export function missingSettings(config: OctogenConfig): string[] {
  const missing: string[] = [];
  if (!config.navidrome.url) missing.push('NAVIDROME_URL');
  if (config.navidrome.user === '') missing.push('NAVIDROME_USER');
  if (config.navidrome.password === '') missing.push('NAVIDROME_PASSWORD');
  return missing;
}
