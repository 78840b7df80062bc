import { AtollError } from '@atoll/sdk';
import { type Kysely, sql, type Transaction } from 'kysely';

interface Violation {
  table: string;
  rowid: number | null;
  parent: string;
}

/**
 * Runs `fn` in one transaction with foreign keys switched off, and checks them all before it is committed.
 *
 * SQLite rebuilds a table by dropping it, which would delete the rows that refer to it (`on delete cascade`), and
 * the switch has no effect inside a transaction.
 */
export async function transactionWithoutForeignKeys<T>(
  db: Kysely<unknown>,
  fn: (trx: Transaction<unknown>) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (connection) => {
    await sql`pragma foreign_keys = off`.execute(connection);
    try {
      return await connection.transaction().execute(async (trx) => {
        const result = await fn(trx);
        await refuseViolations(trx);
        return result;
      });
    } finally {
      await sql`pragma foreign_keys = on`.execute(connection);
    }
  });
}

async function refuseViolations(trx: Transaction<unknown>): Promise<void> {
  const { rows } = await sql<Violation>`pragma foreign_key_check`.execute(trx);
  const [first] = rows;
  if (!first) return;
  throw new AtollError(
    'migration_failed',
    `${rows.length} row(s) would refer to rows that are not there, the first in table "${first.table}" (row ${first.rowid}) to "${first.parent}"`,
  );
}
