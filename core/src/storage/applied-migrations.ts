import { type Kysely, sql } from 'kysely';

export interface AppliedMigration {
  name: string;
  /** ISO 8601 UTC. */
  at: string;
}

interface MigratorTables {
  kysely_migration: { name: string; timestamp: string };
}

/** What was applied to a database, oldest first, and whether it holds any table of its own. */
export async function readAppliedMigrations(
  db: Kysely<unknown>,
): Promise<{ applied: AppliedMigration[]; empty: boolean }> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) {
    return { applied: [], empty: tables.length === 0 };
  }
  const { rows } = await sql<MigratorTables['kysely_migration']>`
    select name, timestamp from kysely_migration order by timestamp, name`.execute(db);
  return { applied: rows.map(({ name, timestamp }) => ({ name, at: timestamp })), empty: false };
}
