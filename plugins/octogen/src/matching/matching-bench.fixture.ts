// Measures the matcher over an index on disk: `<script> <songs> [tracks]` prints one line of JSON. The index is built
// in this process and read in another one, so that the memory is that of a host that has just been started.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SystemClock } from '../../../../core/src/clock/system-clock.js';
import { memoryLogger } from '../../../../core/src/resilience/resilience.fixture.js';
import { generateAlbums, generateWanted } from '../library/generated-library.fixture.js';
import { LibraryIndex } from '../library/library-index.js';
import { LibraryWriter } from '../library/library-writer.js';
import { openTestDatabase } from '../library/test-database.fixture.js';
import type { WantedTrack } from './match-result.js';

const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

async function timed<T>(work: () => Promise<T>): Promise<[ms: number, value: T]> {
  const started = performance.now();
  const value = await work();
  return [Math.round(performance.now() - started), value];
}

async function build(folder: string, size: number, tracks: number): Promise<object> {
  const db = await openTestDatabase(join(folder, 'index.db'));
  const writer = new LibraryWriter(db);
  const albums = [...generateAlbums(size)];
  const [buildMs] = await timed(async () => {
    for (const { album, songs } of albums) await writer.add(album, songs);
    await writer.flush();
  });
  await db.destroy();
  const wanted = generateWanted(
    albums.flatMap((one) => one.songs),
    tracks,
  );
  writeFileSync(join(folder, 'wanted.json'), JSON.stringify(wanted));
  return { songs: size, buildMs, fileMb: megabytes(statSync(join(folder, 'index.db')).size) };
}

async function measure(folder: string): Promise<object> {
  const wanted = JSON.parse(readFileSync(join(folder, 'wanted.json'), 'utf8')) as WantedTrack[];
  const db = await openTestDatabase(join(folder, 'index.db'));
  const index = new LibraryIndex({ db, clock: new SystemClock(), logger: memoryLogger().logger });
  const idleRssMb = megabytes(process.memoryUsage.rss());
  const [matchMs, results] = await timed(() => index.matcher().matchMany(wanted));
  const matchRssMb = megabytes(process.memoryUsage.rss());
  const [searchMs] = await timed(() => index.search('love night', 50));
  const [allMs, all] = await timed(() => index.all());
  const rss = { idleRssMb, matchRssMb, allRssMb: megabytes(process.memoryUsage.rss()) };
  await db.destroy();
  const found = results.filter((result) => result.match !== null).length;
  return { wanted: wanted.length, found, matchMs, searchMs, allMs, allSongs: all.length, ...rss };
}

const [first = '100000', second = '1000'] = process.argv.slice(2);
if (first === 'measure') {
  console.log(JSON.stringify(await measure(second)));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'octogen-matching-'));
  try {
    const built = await build(folder, Number(first), Number(second));
    const script = fileURLToPath(import.meta.url);
    const child = spawnSync(process.execPath, [script, 'measure', folder], { encoding: 'utf8' });
    if (child.status !== 0) throw new Error(child.stderr);
    console.log(JSON.stringify({ ...built, ...(JSON.parse(child.stdout) as object) }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
