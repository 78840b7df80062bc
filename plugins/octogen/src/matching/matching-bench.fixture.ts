// Measures the index and the matcher on disk: `<script> <songs> [wanted]`, one JSON line on standard output.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SystemClock } from '../../../../core/src/clock/system-clock.js';
import { memoryLogger } from '../../../../core/src/resilience/resilience.fixture.js';
import { generateAlbums, generateWanted } from '../library/generated-library.fixture.js';
import { LibraryIndex } from '../library/library-index.js';
import { LibraryWriter } from '../library/library-writer.js';
import { openTestDatabase } from '../library/test-database.fixture.js';
import type { RemoteSong } from '../server/music-server.js';

const size = Number(process.argv[2] ?? 100_000);
const wantedCount = Number(process.argv[3] ?? 1000);
const folder = mkdtempSync(join(tmpdir(), 'octogen-matching-'));
const file = join(folder, 'index.db');
const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
const timed = async <T>(work: () => Promise<T>): Promise<[number, T]> => {
  const started = performance.now();
  const value = await work();
  return [Math.round(performance.now() - started), value];
};

try {
  const db = await openTestDatabase(file);
  const [writeMs] = await timed(async () => {
    const writer = new LibraryWriter(db);
    for (const { album, songs } of generateAlbums(size)) await writer.add(album, songs);
    await writer.flush();
  });
  const songs: RemoteSong[] = [...generateAlbums(size)].flatMap((one) => one.songs);
  const wanted = generateWanted(songs, wantedCount);
  await db.destroy();

  const opened = await openTestDatabase(file);
  const index = new LibraryIndex({ db: opened, clock: new SystemClock(), logger: memoryLogger().logger });
  const matcher = index.matcher();
  const [matchMs, results] = await timed(() => matcher.matchMany(wanted));
  const rssMb = megabytes(process.memoryUsage.rss());
  const [searchMs] = await timed(() => index.search('love night', 50));
  const [allMs, all] = await timed(() => index.all());
  console.log(
    JSON.stringify({
      songs: size,
      writeMs,
      fileMb: megabytes(statSync(file).size),
      wanted: wantedCount,
      matchMs,
      found: results.filter((result) => result.match !== null).length,
      rssMb,
      searchMs,
      allMs,
      allSongs: all.length,
      rssAllMb: megabytes(process.memoryUsage.rss()),
    }),
  );
  await opened.destroy();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
