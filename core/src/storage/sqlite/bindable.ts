import type { SQLInputValue } from 'node:sqlite';

/** Whole numbers from here up to 2^63 would be stored, and then make every read of their row throw. */
const firstUnsafe = 2 ** 53;
const int64 = 2 ** 63;

/**
 * The value as the database takes it: booleans become 1 and 0, everything else is passed or refused.
 *
 * The check must see every value: node:sqlite takes an object that comes first for named parameters, and would
 * shift the others by one without a word; NaN it would store as NULL.
 *
 * @param position counted from 1, for the message
 * @throws TypeError that names the kind of value and the way to encode it
 */
export function bindable(value: unknown, position: number): SQLInputValue {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw refused(String(value), position, 'store null instead');
      if (Number.isInteger(value) && Math.abs(value) >= firstUnsafe && Math.abs(value) < int64)
        throw refused(`the number ${value}`, position, 'above 2^53 store it as text');
      return value;
    case 'bigint':
      if (value >= BigInt(firstUnsafe) || value <= -BigInt(firstUnsafe))
        throw refused(`the bigint ${value}`, position, 'above 2^53 store it as text');
      return value;
    case 'boolean':
      return value ? 1 : 0;
    case 'undefined':
      throw refused('undefined', position, 'store null or leave the column out');
    case 'object':
      if (value === null) return null;
      if (ArrayBuffer.isView(value)) return value as NodeJS.ArrayBufferView;
      throw value instanceof Date
        ? refused('a Date', position, 'use column.instant.encode(date)')
        : refused(
            `a value of type ${value.constructor?.name ?? 'Object'}`,
            position,
            'use column.json.encode(value)',
          );
    default:
      throw refused(`a ${typeof value}`, position, 'store a string, number, boolean, null or bytes');
  }
}

function refused(what: string, position: number, cure: string): TypeError {
  return new TypeError(`cannot store ${what} (parameter ${position}): ${cure}`);
}
