import {
  type DatabaseIntrospector,
  type Dialect,
  type Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { SqliteDriver, type SqliteOptions } from './sqlite-driver.js';

class NodeSqliteAdapter extends SqliteAdapter {
  /** SQLite rolls table changes back like any other; Kysely assumes it does not, and would leave half a migration. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }

  /** The driver queues by itself, because it has to know who asks. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** Node's own SQLite as a Kysely dialect. */
export class NodeSqliteDialect implements Dialect {
  readonly #options: SqliteOptions;

  constructor(options: SqliteOptions) {
    this.#options = options;
  }

  createDriver(): SqliteDriver {
    return new SqliteDriver(this.#options);
  }

  createAdapter(): SqliteAdapter {
    return new NodeSqliteAdapter();
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}
