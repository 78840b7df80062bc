import { type Kysely, sql } from 'kysely';

/** Names of a database's own tables, sorted; a full-text index counts as one, without the tables behind it. */
export async function listTables(db: Kysely<unknown>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from pragma_table_list
    where schema = 'main' and type in ('table', 'virtual')
      and name not like 'sqlite\\_%' escape '\\' and name not like 'kysely\\_%' escape '\\'
    order by name`.execute(db);
  return rows.map((row) => row.name);
}
