import { coerceText } from './coerce-text.js';
import { type ConfigObject, type ConfigPath, isConfigObject, isUnsafeKey } from './config-path.js';
import { type Reference, type ReferenceAnswer, resolveReferences } from './references.js';
import { type AnySchema, childSchema, peel } from './schema-walk.js';

export interface FileProblem {
  readonly path: ConfigPath;
  readonly message: string;
  readonly hint: string;
  readonly expected?: string;
  readonly atKey?: boolean;
}

export interface FileValues {
  readonly root: ConfigObject;
  /** Their values are not in `root`. */
  readonly problems: readonly FileProblem[];
  /** Values that hold the text of a reference. */
  readonly referenced: readonly ConfigPath[];
}

/** Nothing that people write nests deeper. */
const DEEPEST = 64;

/**
 * Makes the content of a config file ready for its schema: fills in references (and reads their text as the kind of
 * value the field takes), drops keys without a value, refuses keys that reach the prototype and values that
 * contain themselves.
 */
export function prepareFileValues(
  raw: ConfigObject,
  schema: AnySchema,
  answer: (reference: Reference) => ReferenceAnswer,
): FileValues {
  const problems: FileProblem[] = [];
  const referenced: ConfigPath[] = [];

  const prepare = (
    node: unknown,
    path: ConfigPath,
    at: AnySchema | undefined,
    around: readonly unknown[],
  ): unknown => {
    if (typeof node === 'string') return prepareText(node, path, at);
    if (typeof node !== 'object' || node === null) return node;
    if (around.includes(node)) {
      problems.push({ path, message: 'contains itself', hint: 'write the values out instead of the alias' });
      return undefined;
    }
    if (around.length >= DEEPEST) {
      problems.push({
        path,
        message: `is nested more than ${DEEPEST} levels deep`,
        hint: 'nest it less deeply',
      });
      return undefined;
    }
    const inside = [...around, node];
    if (Array.isArray(node)) {
      return node.map((item, index) => prepare(item, [...path, index], at && childSchema(at, index), inside));
    }
    const result: ConfigObject = {};
    for (const [key, value] of Object.entries(node)) {
      const keyPath = [...path, key];
      if (isUnsafeKey(key)) {
        problems.push({
          path: keyPath,
          message: 'is a name that no key may have',
          hint: 'remove it',
          atKey: true,
        });
        continue;
      }
      const below = at && childSchema(at, key);
      // `key:` with nothing after it is how a file says "the default".
      if (value === null && !(below && peel(below).nullable)) continue;
      const prepared = prepare(value, keyPath, below, inside);
      if (prepared !== undefined) result[key] = prepared;
    }
    return result;
  };

  const prepareText = (text: string, path: ConfigPath, at: AnySchema | undefined): unknown => {
    if (!text.includes('${')) return text;
    const filled = resolveReferences(text, answer);
    if (filled.problems.length > 0) {
      for (const problem of filled.problems) problems.push({ path, ...problem });
      return undefined;
    }
    if (filled.resolved) referenced.push(path);
    if (!filled.resolved || !at) return filled.text;
    const coerced = coerceText(at, filled.text);
    if (coerced.ok) return coerced.value;
    problems.push({
      path,
      message: `refers to text that is not ${coerced.expected}`,
      hint: 'look at what the reference stands for',
      expected: coerced.expected,
    });
    return undefined;
  };

  const root = prepare(raw, [], schema, []);
  return { root: isConfigObject(root) ? root : {}, problems, referenced };
}
