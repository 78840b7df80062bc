import { onTestFinished } from 'vitest';
import { type Database, type OpenDatabaseOptions, openDatabase } from './open-database.js';

export interface SongSchema {
  song: { id: string; title: string | null; plays: number; cover?: Uint8Array | null };
}

/** A database with one empty table, closed when the running test ends. */
export async function songs(options: Partial<OpenDatabaseOptions> = {}): Promise<Database<SongSchema>> {
  const db = openDatabase<SongSchema>({ file: ':memory:', name: 'songs', ...options });
  onTestFinished(() => db.destroy());
  if (options.readonly) return db;
  await db.schema
    .createTable('song')
    .ifNotExists()
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('title', 'text')
    .addColumn('plays', 'integer', (c) => c.notNull())
    .addColumn('cover', 'blob')
    .execute();
  return db;
}

/** Adds a song. */
export const insert = (db: Database<SongSchema>, id: string, plays = 0) =>
  db
    .insertInto('song')
    .values({ id, title: `Song ${id}`, plays })
    .execute();

/** How many songs there are. */
export const countOf = async (db: Database<SongSchema>): Promise<number> => {
  const row = await db
    .selectFrom('song')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return row.n;
};
