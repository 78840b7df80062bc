import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';

/** Copies a database as it is at this moment, while others may use it. The copy is on disk, whole, or not there. */
export async function backUpDatabase(file: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await writeWhole(target, async (partial) => {
    const source = new DatabaseSync(file, { readOnly: true });
    try {
      await backup(source, partial, { rate: 1024 });
    } finally {
      source.close();
    }
  });
}

/** Copies a file that nobody writes to. The copy is on disk, whole, or not there. */
export async function copyWhole(source: string, target: string): Promise<void> {
  await writeWhole(target, (partial) => copyFile(source, partial));
}

async function writeWhole(target: string, write: (partial: string) => Promise<void>): Promise<void> {
  const partial = `${target}.partial`;
  try {
    await rm(partial, { force: true });
    await write(partial);
    await flush(partial);
    await rename(partial, target);
    await flush(dirname(target));
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
