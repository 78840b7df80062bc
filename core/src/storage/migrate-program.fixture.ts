import { existsSync } from 'node:fs';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { FakeClock } from '../clock/fake-clock.js';
import { migrateDatabase } from './migrate-database.js';
import { openDatabase } from './open-database.js';
import { recordingLogger } from './recording-logger.fixture.js';
import { pluginPlace } from './storage-layout.js';

// Starts a migration of a database, says so in the middle of it, and never ends.
const [dir = ''] = process.argv.slice(2);
const place = pluginPlace(dir, 'lib');
if (!existsSync(place.file)) throw new Error('there is no database');
await migrateDatabase(openDatabase<unknown>({ file: place.file }), {
  ...place,
  clock: new FakeClock(),
  logger: recordingLogger(),
  migrations: {
    '001_albums': { up: async () => undefined },
    '002_album_year': {
      up: async (db: Kysely<unknown>) => {
        await sql`delete from song`.execute(db);
        await sql`drop table album`.execute(db);
        console.log('half way');
        await new Promise(() => setInterval(() => undefined, 60_000));
      },
    },
  },
});
