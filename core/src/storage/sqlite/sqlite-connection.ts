import type { DatabaseSync } from 'node:sqlite';
import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import { bindable } from './bindable.js';
import { explainSqliteError } from './sqlite-error.js';
import { StatementCache } from './statement-cache.js';

/** Runs compiled queries on one open SQLite database, with checked parameters and errors that say what to do. */
export class SqliteConnection implements DatabaseConnection {
  readonly #database: string;
  readonly #statements: StatementCache;

  constructor(handle: DatabaseSync, database: string) {
    this.#database = database;
    this.#statements = new StatementCache(handle);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const parameters = query.parameters.map((value, index) => bindable(value, index + 1));
    try {
      const { statement, reader } = this.#statements.get(query.sql);
      if (reader) return { rows: statement.all(...parameters) as R[] };
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    } catch (error) {
      throw explainSqliteError(error, this.#database);
    }
  }

  async *streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    const parameters = query.parameters.map((value, index) => bindable(value, index + 1));
    try {
      // A statement of its own: a cached one would start anew when the same text runs in between.
      const { statement } = this.#statements.prepare(query.sql);
      let rows: R[] = [];
      for (const row of statement.iterate(...parameters)) {
        rows.push(row as R);
        if (rows.length < chunkSize) continue;
        yield { rows };
        rows = [];
      }
      if (rows.length > 0) yield { rows };
    } catch (error) {
      throw explainSqliteError(error, this.#database);
    }
  }
}
