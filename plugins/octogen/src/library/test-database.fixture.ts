import { type Kysely, sql } from '@atoll/sdk';
import { openDatabase } from '../../../../core/src/storage/open-database.js';
import { libraryMigrations } from './library-migrations.js';
import type { LibrarySchema } from './library-schema.js';

/** An index's database with its tables: in memory, or the given file. */
export async function openTestDatabase(file = ':memory:'): Promise<Kysely<LibrarySchema>> {
  const db = openDatabase<LibrarySchema>({ file });
  const { rows } = await sql`select 1 from sqlite_master where name = 'library_songs'`.execute(db);
  if (rows.length === 0) {
    await db.transaction().execute(async (trx) => {
      for (const name of Object.keys(libraryMigrations).sort()) await libraryMigrations[name]?.up(trx);
    });
  }
  return db;
}
