import {
  AtollError,
  createToken,
  definePlugin,
  inject,
  injectable,
  LOGGER,
  type Logger,
  type PluginStorage,
  STORAGE,
  z as sdkZod,
  sql,
} from '@atoll/sdk';
import { Kysely } from 'kysely';
import { container as rootContainer } from 'tsyringe';
import { ZodObject, z } from 'zod';

const SONGS = createToken<Songs>('packaged.songs');

interface Tables {
  songs: { id: string; title: string };
}

@injectable()
class Songs {
  constructor(
    @inject(LOGGER) readonly logger: Logger,
    @inject(STORAGE) readonly storage: PluginStorage,
  ) {}

  async titles(): Promise<string[]> {
    this.logger.info('reading the songs');
    const rows = await sql<{ title: string }>`select title from songs order by id`.execute(
      this.storage.db<Tables>(),
    );
    return rows.rows.map(({ title }) => title);
  }
}

@injectable()
class Shelf {
  constructor(@inject(SONGS) readonly songs: Songs) {}
}

const config = z.strictObject({ greeting: z.string().default('Hello') });

/**
 * A plugin as somebody else would publish it: built and packed, with classes that are injected, and with imports of
 * the shared libraries beside those of the SDK. It tells which copies it got. Its id is set when it is built.
 */
export default definePlugin({
  id: process.env.PLUGIN_ID ?? 'packaged',
  name: 'Packaged',
  config,
  migrations: {
    '001_songs': {
      async up(db) {
        await sql`create table songs (id text not null primary key, title text not null)`.execute(db);
        await sql`insert into songs values ('1', 'Atoll'), ('2', 'Lagoon')`.execute(db);
      },
    },
  },
  setup(ctx) {
    ctx.container.registerSingleton(SONGS, Songs);
    ctx.http.routes((app) => {
      app.get(
        '/facts',
        { schema: { response: { 200: z.record(z.string(), z.unknown()) } } },
        async (_request, reply) => {
          const shelf = ctx.container.resolve(Shelf);
          return reply.send({
            greeting: ctx.config.greeting,
            titles: await shelf.songs.titles(),
            injectedLogger: shelf.songs.logger === ctx.logger,
            oneSingleton: ctx.container.resolve(Shelf).songs === shelf.songs,
            ownRootContainerUnused: !rootContainer.isRegistered(SONGS),
            zodOfTheSdk: z === sdkZod && config instanceof ZodObject,
            kyselyOfTheHost: ctx.storage.db() instanceof Kysely,
            errorOfTheHost: await ctx.jobs
              .run('nothing')
              .catch((error: unknown) => error instanceof AtollError),
            copies: ['@atoll/sdk', 'tsyringe', 'reflect-metadata', 'zod', 'kysely'].map((name) =>
              import.meta.resolve(name),
            ),
          });
        },
      );
    });
  },
});
