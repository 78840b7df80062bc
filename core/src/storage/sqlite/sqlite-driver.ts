import { AsyncLocalStorage } from 'node:async_hooks';
import { DatabaseSync } from 'node:sqlite';
import { AtollError, type Clock, type Logger } from '@atoll/sdk';
import type { Driver, TransactionSettings } from 'kysely';
import { ConnectionQueue } from './connection-queue.js';
import { SqliteConnection } from './sqlite-connection.js';
import { explainSqliteError, isBusy } from './sqlite-error.js';

export interface SqliteOptions {
  /** Path, or `:memory:`. */
  file: string;
  /** What messages call the database. */
  name: string;
  readonly: boolean;
  /** `full`: a commit is on disk when it returns. `normal`: the last ones may be lost when the power fails. */
  synchronous: 'full' | 'normal';
  clock: Clock;
  logger?: Logger;
}

interface OpenTransaction {
  open: boolean;
  since: number;
  readonly: boolean;
}

/** How long another process may hold the file before a query gives up. */
const busyTimeoutMs = 5_000;
/** Nothing else reaches the database while a transaction is open. */
const longTransactionMs = 250;
/** How long closing waits for an open transaction. */
const closePatienceMs = 5_000;
const maxWalBytes = 64 * 1024 * 1024;

const maintenance = new AsyncLocalStorage<true>();

/** Runs `fn`, whose transactions may take long without a warning: migrations. */
export function asMaintenance<T>(fn: () => Promise<T>): Promise<T> {
  return maintenance.run(true, fn);
}

/** One connection to one SQLite file, shared in turns by everyone who asks. */
export class SqliteDriver implements Driver {
  readonly #options: SqliteOptions;
  readonly #queue: ConnectionQueue;
  /** The transaction that the running code is part of; a query on the database from in there would never get its turn. */
  readonly #inside = new AsyncLocalStorage<OpenTransaction>();
  #handle: DatabaseSync | undefined;
  #connection: SqliteConnection | undefined;
  #transaction: OpenTransaction | undefined;

  constructor(options: SqliteOptions) {
    this.#options = options;
    this.#queue = new ConnectionQueue(options.name, options.clock);
  }

  async init(): Promise<void> {
    const { file, name } = this.#options;
    try {
      this.#handle = this.#open();
    } catch (error) {
      throw explainSqliteError(error, name, file);
    }
    this.#connection = new SqliteConnection(this.#handle, name);
  }

  async acquireConnection(): Promise<SqliteConnection> {
    if (this.#inside.getStore()?.open) {
      throw new AtollError(
        'storage_nested_query',
        `A query on the database "${this.#options.name}" was made inside its own transaction, which it would wait for.`,
        { hint: 'Use the transaction object that the callback received, and start no other work in there.' },
      );
    }
    await this.#queue.acquire();
    if (maintenance.getStore()) this.#queue.bePatient();
    if (this.#connection) return this.#connection;
    this.#queue.release();
    throw new Error(`the database "${this.#options.name}" is closed`);
  }

  async releaseConnection(): Promise<void> {
    try {
      if (this.#handle?.isTransaction) {
        this.#options.logger?.error(`database "${this.#options.name}": an open transaction was rolled back`);
        this.#handle.exec('rollback');
      }
    } finally {
      this.#end();
      this.#queue.release();
    }
  }

  async beginTransaction(_connection: SqliteConnection, settings: TransactionSettings): Promise<void> {
    const { clock, name } = this.#options;
    const readonly = this.#options.readonly || settings.accessMode === 'read only';
    const transaction = { open: true, since: clock.monotonic(), readonly };
    this.#transaction = transaction;
    // Before the first await, so that Kysely's callback, which continues this very chain, is inside too.
    this.#inside.enterWith(transaction);
    try {
      // A plain `begin` takes the write lock at the first write, and fails at once when another process wrote
      // since the first read.
      this.#exec(readonly ? 'begin' : 'begin immediate');
      if (readonly) this.#exec('pragma query_only = on');
    } catch (error) {
      transaction.open = false;
      throw explainSqliteError(error, name);
    }
  }

  async commitTransaction(): Promise<void> {
    try {
      this.#exec('commit');
    } catch (error) {
      throw explainSqliteError(error, this.#options.name);
    }
    this.#end();
  }

  async rollbackTransaction(): Promise<void> {
    // After a full disk or an I/O error SQLite has rolled back by itself, and would complain.
    if (this.#handle?.isTransaction) this.#exec('rollback');
    this.#end();
  }

  async savepoint(_connection: SqliteConnection, name: string): Promise<void> {
    this.#exec(`savepoint ${quoted(name)}`);
  }

  async rollbackToSavepoint(_connection: SqliteConnection, name: string): Promise<void> {
    this.#exec(`rollback to ${quoted(name)}`);
  }

  async releaseSavepoint(_connection: SqliteConnection, name: string): Promise<void> {
    this.#exec(`release ${quoted(name)}`);
  }

  /** Closes the file after the queries that are under way or waiting; a transaction that goes on and on is rolled back. */
  async destroy(): Promise<void> {
    const { clock, logger, name } = this.#options;
    const done = new AbortController();
    const late = clock.sleep(closePatienceMs, done.signal).then(() => {
      logger?.error(`the database "${name}" was closed with a transaction still open, which is rolled back`);
    });
    await Promise.race([this.#queue.acquire(), late]);
    done.abort();
    this.#handle?.close();
    this.#handle = undefined;
    this.#connection = undefined;
    this.#queue.release();
  }

  #open(): DatabaseSync {
    const { file, name, readonly, synchronous } = this.#options;
    const handle = new DatabaseSync(file, { readOnly: readonly, timeout: 0 });
    try {
      if (!readonly) proveWritable(handle);
      handle.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
      handle.exec('pragma foreign_keys = on');
      if (readonly) return handle;
      const mode = handle.prepare('pragma journal_mode = wal').get()?.journal_mode;
      if (mode !== 'wal' && file !== ':memory:') {
        throw new AtollError(
          'storage_unsupported',
          `The file system of the database "${name}" (${file}) cannot hold a write-ahead log.`,
          { hint: 'Put the data folder on a local disk.' },
        );
      }
      handle.exec(`pragma synchronous = ${synchronous}`);
      handle.exec(`pragma journal_size_limit = ${maxWalBytes}`);
      return handle;
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  #exec(text: string): void {
    if (!this.#handle) throw new Error(`the database "${this.#options.name}" is closed`);
    this.#handle.exec(text);
  }

  #end(): void {
    const transaction = this.#transaction;
    if (!transaction) return;
    this.#transaction = undefined;
    transaction.open = false;
    if (transaction.readonly) this.#handle?.exec('pragma query_only = off');
    const { clock, logger, name } = this.#options;
    const durationMs = Math.round(clock.monotonic() - transaction.since);
    if (durationMs <= longTransactionMs || maintenance.getStore()) return;
    logger?.warn(
      { operation: 'transaction', duration: durationMs },
      `a transaction held the database "${name}" for ${durationMs} ms, and every other query with it; keep transactions short and await nothing else in there`,
    );
  }
}

/** SQLite opens a file that it may not write for reading, and says so only at the first write: this one, undone. */
function proveWritable(handle: DatabaseSync): void {
  try {
    handle.exec('begin immediate; pragma user_version = 1; rollback');
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
