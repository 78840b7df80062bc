/**
 * Reads values as Subsonic servers write them: numbers as strings, ids as numbers, one object where a list is
 * meant, fields that are missing. Nothing here throws: a value that cannot be read is as good as missing.
 */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A trimmed string without control characters; numbers as text; else empty. */
export function text(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  // Tags written by old tools end in, or are padded with, U+0000.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
  return typeof value === 'string' ? value.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim() : '';
}

/** A finite number, also when written as a string. */
export function number(value: unknown): number | null {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : null;
}

/** A number above zero; servers write 0 for "not known". */
export function positive(value: unknown): number | null {
  const read = number(value);
  return read !== null && read > 0 ? read : null;
}

/** A moment in ms since the epoch. A date without a zone is UTC, so that it does not move with the host's zone. */
export function moment(value: unknown): number | null {
  const written = text(value);
  if (!/^\d{4}-\d\d-\d\d/.test(written)) return null;
  const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(written) || !/\d[t ]\d/i.test(written);
  const parsed = Date.parse(zoned ? written : `${written}Z`);
  return Number.isNaN(parsed) || parsed <= 0 ? null : parsed;
}

/** A list of objects; a single object counts as a list of one, anything else as empty. */
export function list(value: unknown): Fields[] {
  if (Array.isArray(value)) return value.filter(isFields);
  return isFields(value) ? [value] : [];
}

export function first(value: unknown): Fields | undefined {
  return list(value)[0];
}
