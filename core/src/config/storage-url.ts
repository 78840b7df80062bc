import { z } from 'zod';

const SQLITE_HINT = 'write sqlite:<folder>, for example sqlite:./data, or leave it out';

/** `sqlite:<folder>`. Other databases are refused with the reason. */
export function storageUrl() {
  return z
    .string()
    .trim()
    .check((context) => {
      const problem = storageUrlProblem(context.value);
      if (problem === undefined) return;
      context.issues.push({
        code: 'custom',
        input: context.value,
        message: problem,
        params: { hint: SQLITE_HINT },
      });
    });
}

/** What kind of database an address names. */
export function databaseKind(url: string): 'sqlite' | 'postgres' | 'mysql' | 'other' {
  const scheme = /^([a-z0-9+]+):/i.exec(url.trim())?.[1]?.toLowerCase() ?? '';
  if (/^sqlite3?(\+|$)/.test(scheme)) return 'sqlite';
  if (/^postgres(ql)?(\+|$)/.test(scheme)) return 'postgres';
  return /^(mysql|mariadb)(\+|$)/.test(scheme) ? 'mysql' : 'other';
}

function storageUrlProblem(url: string): string | undefined {
  switch (databaseKind(url)) {
    case 'postgres':
      return 'names a PostgreSQL database, which is not available in this version';
    case 'mysql':
      return 'names a MySQL database, which Atoll does not support: its migrations cannot be undone as a whole';
    case 'other':
      return 'must be sqlite:<folder>';
    case 'sqlite':
      return storageDirectory(url) === '' ? 'must name a folder after sqlite:' : undefined;
  }
}

/** The folder of a `sqlite:` address, as written. `sqlite://` and `sqlite:///abs` are read as SQLAlchemy does. */
export function storageDirectory(url: string): string {
  const rest = url.trim().replace(/^[a-z0-9+]+:/i, '');
  return rest.startsWith('///') ? rest.slice(2) : rest.replace(/^\/\/(?=[^/]|$)/, '');
}
