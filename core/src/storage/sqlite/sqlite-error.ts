import { AtollError } from '@atoll/sdk';

interface SqliteError extends Error {
  code: 'ERR_SQLITE_ERROR';
  /** SQLite's extended result code; its low byte is the primary one. */
  errcode: number;
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}

/** Another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return isSqliteError(error) && (error.errcode & 0xff) === 5;
}

/**
 * What a failure of SQLite means to a person, or the error itself where it is about the query.
 *
 * The messages may reach an HTTP client, so they name the database and never a path; `place` adds the file where
 * the error goes to the terminal.
 */
export function explainSqliteError(error: unknown, database: string, place = ''): unknown {
  if (!isSqliteError(error)) return error;
  const subject = `the database "${database}"${place && ` (${place})`}`;
  switch (error.errcode & 0xff) {
    case 13: // FULL
      return new AtollError('disk_full', `The disk is full: ${subject} could not be written.`, {
        status: 507,
        hint: 'Free some space on the disk of the data folder; nothing that was confirmed is lost.',
        cause: error,
      });
    case 3: // PERM
    case 8: // READONLY
    case 14: // CANTOPEN
      return new AtollError(
        'storage_unwritable',
        `No write access: ${subject} could not be opened or written.`,
        {
          status: 503,
          hint: 'Give the user that runs Atoll the ownership of the data folder and of all files in it (chown -R).',
          cause: error,
        },
      );
    case 11: // CORRUPT
    case 26: // NOTADB
      return new AtollError('storage_corrupt', `Damaged: ${subject} is not a readable SQLite database.`, {
        status: 500,
        hint: 'Stop Atoll and put a backup in its place (see backups/migrations in the data folder), or move the file away to start empty.',
        cause: error,
      });
    case 10: // IOERR
      return new AtollError('unavailable', `The disk failed to read or write ${subject}: ${error.message}.`, {
        status: 503,
        hint: 'Look for disk errors in the log of the operating system.',
        cause: error,
      });
    case 5: // BUSY, and 517: a read transaction that came too late to write
    case 6: // LOCKED
      return new AtollError('storage_busy', `Another program holds ${subject}.`, {
        status: 503,
        hint: 'End the program that has the database open for writing, and try again.',
        cause: error,
      });
    default:
      return error;
  }
}
