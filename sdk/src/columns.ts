import type { ColumnDefinitionBuilder } from 'kysely';

/**
 * The columns that mean the same on SQLite and PostgreSQL, for migrations and for the values written to them:
 *
 * ```ts
 * await db.schema.createTable('songs')
 *   .addColumn('id', ...column.id())
 *   .addColumn('added_at', ...column.instant())
 *   .addColumn('starred', ...column.flag((c) => c.notNull().defaultTo(0)))
 *   .addColumn('tags', ...column.json((c) => c))            // may be null
 *   .execute();
 * await db.insertInto('songs').values({ id, added_at: clock.now(), starred: column.flag.encode(isStarred),
 *   tags: column.json.encode(['jazz']) }).execute();
 * ```
 *
 * Each is not null unless the builder that is passed says otherwise; that builder replaces the default one.
 * A reference to another table's `id` is a plain `text` column.
 */

/** What follows a column's name in `addColumn`. */
export type Column<Type extends string> = [type: Type, build: ColumnBuild];

/** Kysely's third argument of `addColumn`. */
export type ColumnBuild = (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;

/** The row type of a `flag` column. */
export type Flag = 0 | 1;

const notNull: ColumnBuild = (column) => column.notNull();

/** The row's key: a text made by the writer, since the databases disagree about numbers that count themselves. */
export function id(build: ColumnBuild = (column) => column.notNull().primaryKey()): Column<'text'> {
  return ['text', build];
}

/** A moment, as milliseconds since the epoch. Read and written as a number. */
export function instant(build: ColumnBuild = notNull): Column<'bigint'> {
  return ['bigint', build];
}

/** The milliseconds of a date. Throws a RangeError for an invalid one. */
instant.encode = (date: Date): number => {
  const ms = date.getTime();
  if (Number.isNaN(ms)) throw new RangeError('an invalid date cannot be stored');
  return ms;
};
instant.decode = (ms: number): Date => new Date(ms);

/** Yes or no, as 1 or 0. */
export function flag(build: ColumnBuild = notNull): Column<'smallint'> {
  return ['smallint', build];
}

flag.encode = (value: boolean): Flag => (value ? 1 : 0);
flag.decode = (value: Flag): boolean => value === 1;

/** Any JSON value, as text. */
export function json(build: ColumnBuild = notNull): Column<'text'> {
  return ['text', build];
}

/**
 * The JSON text of a value. Properties that are undefined are left out and `toJSON` applies, as in
 * `JSON.stringify`; what would be lost in silence (undefined, NaN, functions, maps, sets) is a TypeError.
 */
json.encode = (value: unknown): string => {
  const text: string | undefined = JSON.stringify(value, refuseLoss);
  if (text === undefined) throw new TypeError(`${nameOf(value)} is not a JSON value`);
  return text;
};
json.decode = <T>(text: string): T => JSON.parse(text) as T;

/** A fraction, with the full precision of a JavaScript number. */
export function real(build: ColumnBuild = notNull): Column<'double precision'> {
  return ['double precision', build];
}

/** A whole number up to 2^53: a count, a size, a duration. */
export function count(build: ColumnBuild = notNull): Column<'bigint'> {
  return ['bigint', build];
}

function refuseLoss(this: unknown, key: string, value: unknown): unknown {
  const lost =
    (typeof value === 'number' && !Number.isFinite(value)) ||
    typeof value === 'bigint' ||
    typeof value === 'function' ||
    typeof value === 'symbol' ||
    value instanceof Map ||
    value instanceof Set ||
    (value === undefined && Array.isArray(this));
  if (!lost) return value;
  throw new TypeError(`${nameOf(value)}${key === '' ? '' : ` at "${key}"`} is not a JSON value`);
}

function nameOf(value: unknown): string {
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'object'}`;
  return typeof value === 'number' ? String(value) : typeof value;
}
