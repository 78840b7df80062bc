import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { id3Tag } from './id3-tag.ts';
import { musicSongs, type TaggedSong } from './music-songs.ts';

export interface MusicLibrary {
  /** The folder to scan. It is shared by all who ask: copy what you mean to change. */
  dir: string;
  songs: readonly TaggedSong[];
}

/** Changes with how files are written, so that a folder made the old way is not taken. */
const FORMAT = 2;

/** At 8 kbit/s. */
const BYTES_PER_SECOND = 1000;

/** One second of a quiet tone as MP3 without header frames, so that copies of it in a row are one longer tone. */
const toneArguments = [
  ...['-v', 'error', '-f', 'lavfi', '-i', 'sine=frequency=220:duration=1:sample_rate=8000', '-ac', '1'],
  ...[
    '-c:a',
    'libmp3lame',
    '-b:a',
    '8k',
    '-reservoir',
    '0',
    '-write_xing',
    '0',
    '-id3v2_version',
    '0',
    '-f',
    'mp3',
  ],
];

/**
 * A folder of tagged MP3 files that a music server can scan, some 50 MB. The tone is encoded once and the tags are
 * written here, so it takes a second or two; it is kept in the system's temporary folder under a name that tells
 * its content, and made again when that changes. Needs ffmpeg.
 */
export async function musicLibrary(songs: readonly TaggedSong[] = musicSongs()): Promise<MusicLibrary> {
  const content = createHash('sha256')
    .update(JSON.stringify([FORMAT, toneArguments, songs]))
    .digest('hex')
    .slice(0, 16);
  const dir = join(tmpdir(), `atoll-music-${content}`);
  if (!existsSync(dir)) await make(dir, songs);
  return { dir, songs };
}

/** Writes one song's file; for tests that add to a copy of the library. */
export async function writeSong(dir: string, song: TaggedSong, second: Buffer): Promise<void> {
  const path = join(dir, song.file);
  const tag = id3Tag({
    TIT2: song.title,
    TPE1: song.artist,
    ...(song.albumArtist ? { TPE2: song.albumArtist } : {}),
    TALB: song.album,
    TRCK: String(song.track),
    TDRC: String(song.year),
    TCON: song.genre,
  });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.concat([tag, sound(second, song.seconds)]));
}

/** Repeats the encoded second, which is a little longer as frames are whole, until the bit rate gives that duration. */
function sound(second: Buffer, seconds: number): Buffer {
  const repeats = Math.max(1, Math.round((seconds * BYTES_PER_SECOND) / second.length));
  return Buffer.concat(Array.from({ length: repeats }, () => second));
}

/** The second of sound that songs are made of. */
export async function tone(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'atoll-tone-'));
  try {
    const file = join(folder, 'tone.mp3');
    await promisify(execFile)('ffmpeg', [...toneArguments, file]);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function make(dir: string, songs: readonly TaggedSong[]): Promise<void> {
  const second = await tone();
  const partial = await mkdtemp(`${dir}-`);
  try {
    for (const song of songs) await writeSong(partial, song, second);
    // A file that says nothing of itself, as every collection has some.
    await writeFile(join(partial, 'untagged recording.mp3'), sound(second, 95));
    await rename(partial, dir);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    // Another process may have been first.
    if (!existsSync(dir)) throw error;
  }
}
