import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { AtollError } from '@atoll/sdk';
import { z } from 'zod';
import { type DataFolderOptions, prepareDataFolder } from './data-folder.js';
import { explainSqliteError, isBusy } from './sqlite/sqlite-error.js';

/** The right to write to a data folder. */
export interface Owner extends AsyncDisposable {
  /** Gives it back; calling it twice does nothing the second time. */
  release(): Promise<void>;
}

const holderSchema = z.object({ pid: z.int(), host: z.string(), since: z.string() });
type Holder = z.output<typeof holderSchema>;

/** A holder writes its pid right after it took the lock; for this long the one before it may still be named. */
const settleMs = 500;
const retryMs = 50;

// A lock whose handle is collected as garbage is lost.
const held = new Map<string, DatabaseSync>();

/**
 * Takes the data folder for this process, making the folder where it is missing.
 *
 * The lock is SQLite's own, on a file that holds nothing: the kernel frees it when the process ends, however it
 * ends, so nothing is ever stale, and of two that start together one wins. Nothing else in this process may open
 * `owner.db`: closing any descriptor of a file drops the process's locks on it. The pid stands in `owner.json`
 * beside it, for messages only.
 *
 * @throws AtollError `storage_owned` with the owner's pid; `storage_unwritable` and `storage_unsupported` as
 *   `prepareDataFolder` does
 */
export async function acquireOwner(dataDir: string, options: DataFolderOptions = {}): Promise<Owner> {
  const dir = resolve(dataDir);
  prepareDataFolder(dir, options);
  for (let waited = 0; ; waited += retryMs) {
    const lock = tryLock(dir);
    if (lock) return own(dir, lock);
    const holder = readHolder(dir);
    if ((holder && isAlive(holder)) || waited >= settleMs) throw owned(dir, holder);
    await delay(retryMs);
  }
}

function own(dir: string, lock: DatabaseSync): Owner {
  held.set(dir, lock);
  const release = async (): Promise<void> => {
    if (held.get(dir) !== lock) return;
    held.delete(dir);
    rmSync(holderFile(dir), { force: true });
    lock.close();
  };
  try {
    writeHolder(dir);
  } catch (cause) {
    void release();
    throw new AtollError(
      'storage_unwritable',
      `No file could be written to the data folder ${dir}: ${(cause as Error).message}.`,
      {
        hint: 'Free some space on its disk, or give the user that runs Atoll the right to write there.',
        cause,
      },
    );
  }
  return { release, [Symbol.asyncDispose]: release };
}

function tryLock(dir: string): DatabaseSync | undefined {
  if (held.has(dir)) return undefined;
  const file = join(dir, 'owner.db');
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('begin exclusive');
    return lock;
  } catch (error) {
    lock?.close();
    if (isBusy(error)) return undefined;
    throw explainSqliteError(error, 'owner', file);
  }
}

function owned(dir: string, holder: Holder | undefined): AtollError {
  const elsewhere = holder && holder.host !== hostname() ? ` on "${holder.host}"` : '';
  const who = holder ? `process ${holder.pid}${elsewhere}, since ${holder.since}` : 'another process';
  return new AtollError('storage_owned', `The data folder ${dir} is in use by ${who}.`, {
    status: 409,
    hint: 'Stop that process first, use the commands that talk to the running host, or set ATOLL_DATA_DIR to another folder.',
  });
}

function holderFile(dir: string): string {
  return join(dir, 'owner.json');
}

function writeHolder(dir: string): void {
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  const partial = `${holderFile(dir)}.partial`;
  writeFileSync(partial, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  renameSync(partial, holderFile(dir));
}

function readHolder(dir: string): Holder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(readFileSync(holderFile(dir), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Of a process in another container nothing can be known, so it is believed. */
function isAlive({ pid, host }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
