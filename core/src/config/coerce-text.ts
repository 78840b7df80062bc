import { z } from 'zod';
import { type AnySchema, definitionOf, peel } from './schema-walk.js';

/** What a text means for a schema, or what the schema would have taken. */
export type Coerced = { ok: true; value: unknown } | { ok: false; expected: string };

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

/** `true|1|yes|on` and `false|0|no|off` in any case; undefined for anything else. */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (TRUE.has(word)) return true;
  return FALSE.has(word) ? false : undefined;
}

/**
 * Reads the text of a variable as the schema's kind of value: numbers, booleans, lists as JSON or separated by
 * commas, objects as JSON. The schema itself is checked later, so ranges and formats are no matter here.
 */
export function coerceText(schema: AnySchema, text: string): Coerced {
  const def = definitionOf(peel(schema).schema);
  switch (def.type) {
    case 'number':
      return numberFrom(text);
    case 'bigint':
      return /^[+-]?\d+$/.test(text.trim())
        ? { ok: true, value: BigInt(text.trim()) }
        : { ok: false, expected: 'a whole number' };
    case 'boolean': {
      const value = parseBoolean(text);
      return value === undefined
        ? { ok: false, expected: 'true or false (also 1, yes, on; 0, no, off)' }
        : { ok: true, value };
    }
    case 'enum':
      return { ok: true, value: sameWord(Object.values(def.entries), text) };
    case 'literal':
      return { ok: true, value: sameWord(def.values, text) };
    case 'array':
      return listFrom(text, () => def.element);
    case 'tuple':
      return listFrom(text, (index) => def.items[index] ?? def.rest ?? undefined);
    case 'object':
    case 'record':
    case 'intersection':
      return objectFrom(text);
    case 'union':
      return unionFrom(def.options, text);
    case 'any':
    case 'unknown':
      return { ok: true, value: parseJson(text) ?? text };
    default:
      return { ok: true, value: text };
  }
}

function numberFrom(text: string): Coerced {
  const trimmed = text.trim();
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)
    ? { ok: true, value: Number(trimmed) }
    : { ok: false, expected: 'a number' };
}

/** The value that reads like `text`, whatever its case, else the text itself for the schema to refuse. */
function sameWord(values: readonly unknown[], text: string): unknown {
  const word = text.trim();
  const exact = values.find((value) => String(value) === word);
  if (exact !== undefined) return exact;
  return values.find((value) => String(value).toLowerCase() === word.toLowerCase()) ?? text;
}

function listFrom(text: string, elementAt: (index: number) => AnySchema | undefined): Coerced {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    const parsed = parseJson(trimmed);
    return Array.isArray(parsed)
      ? { ok: true, value: parsed }
      : { ok: false, expected: 'a list, as JSON or separated by commas' };
  }
  const value: unknown[] = [];
  const parts = trimmed.split(',').flatMap((part) => part.trim() || []);
  for (const [index, part] of parts.entries()) {
    const item = coerceText(elementAt(index) ?? z.string(), part);
    if (!item.ok) return { ok: false, expected: `a list of items, each ${item.expected}` };
    value.push(item.value);
  }
  return { ok: true, value };
}

function objectFrom(text: string): Coerced {
  const parsed = parseJson(text);
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    ? { ok: true, value: parsed }
    : { ok: false, expected: 'a JSON object' };
}

function unionFrom(options: readonly AnySchema[], text: string): Coerced {
  let readable: Coerced | undefined;
  for (const option of options) {
    const candidate = coerceText(option, text);
    if (!candidate.ok) continue;
    if (z.safeParse(option, candidate.value).success) return candidate;
    readable ??= candidate;
  }
  return readable ?? { ok: true, value: text };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
