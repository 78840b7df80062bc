import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LRUCache } from 'lru-cache';

export interface Prepared {
  readonly statement: StatementSync;
  /** It answers with rows, be it a select or a write with `returning`. */
  readonly reader: boolean;
}

const maxStatements = 256;
/** Longer texts are bulk inserts and long `in` lists: rarely the same twice, and heavy to keep. */
const maxLength = 8192;

/** Statements by their text, so that a query that comes again is not parsed again. SQLite itself re-parses one whose tables changed. */
export class StatementCache {
  readonly #handle: DatabaseSync;
  readonly #statements = new LRUCache<string, Prepared>({ max: maxStatements });

  constructor(handle: DatabaseSync) {
    this.#handle = handle;
  }

  get(text: string): Prepared {
    const known = this.#statements.get(text);
    if (known) return known;
    const prepared = this.prepare(text);
    if (text.length <= maxLength) this.#statements.set(text, prepared);
    return prepared;
  }

  /** A statement of the caller's own, for one that is stepped through while others run. */
  prepare(text: string): Prepared {
    const statement = this.#handle.prepare(text);
    // SQLite compiles the first statement and drops the rest in silence.
    const rest = text.slice(statement.sourceSQL.length).replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '');
    if (rest.trim() !== '') throw new TypeError(`one statement at a time, but this follows: ${rest.trim()}`);
    return { statement, reader: statement.columns().length > 0 };
  }
}
