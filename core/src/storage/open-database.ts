import { basename } from 'node:path';
import type { Clock, Logger } from '@atoll/sdk';
import { Kysely } from 'kysely';
import { SystemClock } from '../clock/system-clock.js';
import { NodeSqliteDialect } from './sqlite/sqlite-dialect.js';

/** A database behind Kysely. `destroy()` closes it after the queries under way. */
export type Database<Schema> = Kysely<Schema>;

export interface OpenDatabaseOptions {
  /** Path of the file, made when missing, or `:memory:`. Its folder must exist. */
  file: string;
  /** What messages call it. Default: the file's name without ending. */
  name?: string;
  readonly?: boolean;
  /** Default `full`: a resolved write is on disk. `normal` is for what may be lost when the power fails. */
  synchronous?: 'full' | 'normal';
  /** Receives the warning about transactions that take long. */
  logger?: Logger;
  /** Measures how long the connection is really held, so the default is real time even where tests move theirs. */
  clock?: Clock;
}

/**
 * Opens a SQLite database; the file is touched at the first query.
 *
 * Queries fail with `disk_full`, `storage_unwritable`, `storage_corrupt`, `storage_busy` or
 * `storage_nested_query`; a value that cannot be stored is a TypeError; violated constraints stay as the database
 * reports them (see `isUniqueViolation` of the SDK).
 */
export function openDatabase<Schema>(options: OpenDatabaseOptions): Database<Schema> {
  const { file, name = basename(file, '.db'), readonly = false, synchronous = 'full', logger } = options;
  const clock = options.clock ?? new SystemClock();
  return new Kysely<Schema>({
    dialect: new NodeSqliteDialect({ file, name, readonly, synchronous, clock, logger }),
  });
}
