import { accessSync, constants, mkdirSync, type Stats, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { AtollError } from '@atoll/sdk';
import { isNetworkFileSystem, probeFileSystem } from './mount-table.js';

/** Who runs this process, and the facts about the folder that decide whether it may be used. */
export interface FolderFacts {
  uid: number;
  groups: readonly number[];
  /** Of the folder. */
  ownerUid: number;
  ownerGid: number;
  mode: number;
  writable: boolean;
}

export interface DataFolderOptions {
  /** Names the type of the file system that holds a folder. */
  fileSystem?: (dir: string) => string | undefined;
}

/**
 * Makes the data folder where it is missing, readable for its user alone, and checks that it may hold databases.
 *
 * @throws AtollError `storage_unwritable` naming user, owner and cure; `storage_unsupported` on a network file system
 */
export function prepareDataFolder(dir: string, options: DataFolderOptions = {}): void {
  const uid = process.geteuid?.() ?? 0;
  const stats = makeFolder(dir, uid);
  if (isReadOnly(dir)) throw readOnly(dir);
  const complaint = judgeFolder({
    uid,
    groups: process.getgroups?.() ?? [],
    ownerUid: stats.uid,
    ownerGid: stats.gid,
    mode: stats.mode,
    writable: isWritable(dir),
  });
  if (complaint === 'not-writable') {
    throw unwritable(
      `The data folder ${dir} belongs to ${userName(stats.uid)} and cannot be written by ${userName(uid)}, who runs Atoll.`,
      `Run "chown -R ${uid} ${dir}" as root, start Atoll as ${userName(stats.uid)}, or set ATOLL_DATA_DIR to another folder.`,
    );
  }
  if (complaint === 'foreign') {
    throw unwritable(
      `The data folder ${dir} belongs to ${userName(stats.uid)}, but Atoll runs as ${userName(uid)}: its owner could not open files made now.`,
      `Start Atoll as ${userName(stats.uid)}, run "chown -R ${uid} ${dir}", or set ATOLL_DATA_DIR to another folder.`,
    );
  }
  refuseNetwork(dir, (options.fileSystem ?? probeFileSystem)(dir));
}

/** What speaks against a folder. One that grants writing to our group is shared on purpose. */
export function judgeFolder(facts: FolderFacts): 'not-writable' | 'foreign' | undefined {
  if (!facts.writable) return 'not-writable';
  if (facts.ownerUid === facts.uid) return undefined;
  const shared = (facts.mode & 0o020) !== 0 && facts.groups.includes(facts.ownerGid);
  return shared ? undefined : 'foreign';
}

function makeFolder(dir: string, uid: number): Stats {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return statSync(dir);
  } catch (cause) {
    if (isReadOnly(dir)) throw readOnly(dir, cause);
    throw unwritable(
      `The data folder ${dir} could not be made by ${userName(uid)}: ${(cause as Error).message}.`,
      'Make it by hand for that user, or set ATOLL_DATA_DIR to a folder that may be written.',
      cause,
    );
  }
}

function refuseNetwork(dir: string, type: string | undefined): void {
  if (type === undefined || !isNetworkFileSystem(type)) return;
  throw new AtollError(
    'storage_unsupported',
    `The data folder ${dir} is on a network file system (${type}), where SQLite's locks do not hold and data would be lost.`,
    { hint: 'Set ATOLL_DATA_DIR, or storage.url, to a folder on a local disk.' },
  );
}

function isWritable(dir: string): boolean {
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a folder, or the nearest one above it that is there, is on a file system that takes no writes. Asked for
 * apart, because a recursive `mkdirSync` reports that as ENOENT.
 */
function isReadOnly(dir: string): boolean {
  try {
    accessSync(dir, constants.W_OK);
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EROFS' || (code === 'ENOENT' && dirname(dir) !== dir && isReadOnly(dirname(dir)));
  }
}

function readOnly(dir: string, cause?: unknown): AtollError {
  return unwritable(
    `The data folder ${dir} is on a read-only file system.`,
    'Mount that for writing, or set ATOLL_DATA_DIR to a folder that may be written.',
    cause,
  );
}

function userName(uid: number): string {
  try {
    const me = userInfo();
    if (me.uid === uid) return `user "${me.username}" (${uid})`;
  } catch {
    // A container may run a uid that has no name.
  }
  return uid === 0 ? 'user "root" (0)' : `user ${uid}`;
}

function unwritable(message: string, hint: string, cause?: unknown): AtollError {
  return new AtollError('storage_unwritable', message, { hint, cause });
}
