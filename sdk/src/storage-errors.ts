// Primary key and unique index, as SQLite numbers them; PostgreSQL's word for both is a SQLSTATE.
const sqliteUnique = new Set<unknown>([1555, 2067]);
const postgresUnique = '23505';

/** True when a write failed because a row with the same key is there already, on either database. */
export function isUniqueViolation(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('errcode' in error && sqliteUnique.has(error.errcode)) return true;
  return 'code' in error && error.code === postgresUnique;
}
