import { type PluginContext, z } from '@atoll/sdk';
import type { Library } from '../library/library.js';
import { type MatchCandidate, rejections } from '../matching/match-result.js';
import type { Matcher } from '../matching/matcher.js';

const words = z.string().trim().max(500);

const candidate = z.object({
  id: z.string(),
  artist: z.string(),
  title: z.string(),
  album: z.string().nullable(),
  /** 0 to 1. */
  score: z.number(),
});

const foundSong = z.object({
  id: z.string(),
  title: z.string(),
  artist: z.string(),
  album: z.string().nullable(),
  genres: z.array(z.string()),
  year: z.int().nullable(),
  durationMs: z.number().nullable(),
  rating: z.int(),
  starred: z.boolean(),
  playCount: z.int(),
});

/** Questions to the index of the library, as the last run or refresh left it. */
export function libraryRoutes(ctx: PluginContext, library: Library, matcher: Matcher): void {
  const song = ctx.http.schema('Song', foundSong);
  ctx.http.routes((app) => {
    app.get(
      '/library/search',
      {
        schema: {
          summary: 'Songs by words of their title, artist or album, best first',
          querystring: z.object({
            q: words.min(1),
            limit: z.coerce.number().int().min(1).max(100).default(20),
          }),
          response: { 200: z.object({ items: z.array(song) }) },
        },
      },
      async ({ query }) => {
        const found = await library.search(query.q, query.limit);
        return {
          items: found.map((each) => ({
            ...each,
            genres: [...each.genres],
            starred: each.starredAt !== null,
          })),
        };
      },
    );
    app.post(
      '/match',
      {
        config: { auth: 'read' },
        schema: {
          summary: 'The song of the library that a name means',
          body: z.strictObject({
            artist: words,
            title: words.min(1),
            album: words.nullish(),
            durationMs: z.number().min(0).nullish(),
            mbid: words.nullish(),
          }),
          response: {
            200: z.object({
              match: candidate.nullable(),
              candidates: z.array(candidate.extend({ rejected: z.enum(rejections).optional() })),
            }),
          },
        },
      },
      async ({ body }) => {
        const { match, candidates } = await matcher.match(body);
        return {
          match: match && describe(match),
          candidates: candidates.map((each) => ({
            ...describe(each),
            ...(each.rejected === undefined ? {} : { rejected: each.rejected }),
          })),
        };
      },
    );
  });
}

function describe({ song, score }: MatchCandidate) {
  return { id: song.id, artist: song.artist, title: song.title, album: song.album, score };
}
