import { resolve } from 'node:path';
import { AtollError } from '@atoll/sdk';

/** Where the databases are. */
export interface StorageLocation {
  kind: 'sqlite';
  /** Absolute path of the folder that holds them. */
  dir: string;
}

/**
 * Reads `storage.url`: `sqlite:<folder>`, relative to the working directory, or nothing for the data folder.
 *
 * @throws AtollError `storage_unsupported` for anything else, with what to write instead
 */
export function parseStorageUrl(url: string | undefined, dataDir: string): StorageLocation {
  if (url === undefined || url === '') return { kind: 'sqlite', dir: resolve(dataDir) };
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url) ?? [];
  switch (scheme.toLowerCase()) {
    case 'sqlite':
      return { kind: 'sqlite', dir: sqliteFolder(rest) };
    case 'postgres':
    case 'postgresql':
      throw unsupported(
        'PostgreSQL is not available in this version.',
        'Leave storage.url out to use SQLite.',
      );
    case 'mysql':
    case 'mariadb':
      throw unsupported(
        'MySQL and MariaDB are not supported: they commit table changes at once, so a migration that fails could not be undone.',
        'Leave storage.url out to use SQLite.',
      );
    default:
      // The value may hold a password, so only what stands before the colon is repeated.
      throw unsupported(
        scheme
          ? `storage.url has the unknown kind "${scheme}".`
          : 'storage.url does not start with a kind of database.',
        'Write sqlite:<folder>, for example sqlite:./data, or leave storage.url out.',
      );
  }
}

function sqliteFolder(rest: string): string {
  if (rest.startsWith('//') || rest.startsWith(':memory:') || /\.(db|sqlite3?)$/i.test(rest)) {
    throw unsupported(
      'storage.url names a single SQLite file, but Atoll keeps one file for each plugin.',
      'Name a folder: sqlite:./data or sqlite:/var/lib/atoll.',
    );
  }
  if (rest.trim() === '') throw unsupported('storage.url names no folder.', 'Write sqlite:<folder>.');
  return resolve(rest);
}

function unsupported(message: string, hint: string): AtollError {
  return new AtollError('storage_unsupported', message, { hint });
}
