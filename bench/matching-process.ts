// One half of the matching benchmark, in a process of its own: `build <folder> <songs> <tracks>` fills an index on disk
// and writes the wanted tracks beside it; `match <folder>` looks for all of them and prints what that took.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestContext } from '@atoll/sdk/testing';
import { LibraryIndex } from '../plugins/octogen/dist/library/library-index.js';
import { libraryMigrations } from '../plugins/octogen/dist/library/library-migrations.js';
import type { LibrarySchema } from '../plugins/octogen/dist/library/library-schema.js';
import { LibraryWriter } from '../plugins/octogen/dist/library/library-writer.js';
import type { WantedTrack } from '../plugins/octogen/dist/matching/match-result.js';
import { generateAlbums, generateWanted } from '../plugins/octogen/src/library/generated-library.fixture.ts';
import type { MatchingFigures } from './matching.ts';

const [task, folder = '', songs, tracks] = process.argv.slice(2);
const wantedFile = join(folder, 'wanted.json');

await using context = await createTestContext({ migrations: libraryMigrations, dataDir: folder });
const db = context.storage.db<LibrarySchema>();

if (task === 'build') {
  const writer = new LibraryWriter(db);
  const albums = [...generateAlbums(Number(songs))];
  for (const { album, songs: held } of albums) await writer.add(album, held);
  await writer.flush();
  const all = albums.flatMap((album) => album.songs);
  writeFileSync(wantedFile, JSON.stringify(generateWanted(all, Number(tracks))));
} else {
  const wanted = JSON.parse(readFileSync(wantedFile, 'utf8')) as WantedTrack[];
  const index = new LibraryIndex({ db, clock: context.clock, logger: context.logger });
  const started = performance.now();
  const results = await index.matcher().matchMany(wanted);
  const figures: MatchingFigures = {
    ms: performance.now() - started,
    // The most that the process ever had, not what it happens to have now.
    rssBytes: process.resourceUsage().maxRSS * 1024,
    found: results.filter((result) => result.match !== null).length,
  };
  console.log(JSON.stringify(figures));
}
