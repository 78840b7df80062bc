import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import type { ConfigPath } from './config-path.js';

/** A place in a file, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface SyntaxProblem {
  readonly message: string;
  readonly hint: string;
  readonly position: Position | null;
}

/** The content of a config file and where in it each value stands. */
export interface ParsedConfig {
  /** Undefined for an empty file. */
  readonly value: unknown;
  readonly problems: readonly SyntaxProblem[];
  /** Where the value at `path` stands, or the nearest thing around it. `key` asks for its key instead. */
  locate(path: ConfigPath, target: 'value' | 'key'): Position | null;
}

interface Explanation {
  /** In place of the parser's own words. */
  readonly message?: string;
  readonly hint: string;
}

const ALIAS: Explanation = {
  message: 'a value that begins with * stands for another one, and there is none of that name',
  hint: 'put quotes around it, for example "*/5 * * * *"',
};
const TOO_DEEP: Explanation = { message: 'it is nested too deeply', hint: 'nest it less deeply' };

const KNOWN: Readonly<Record<string, Explanation>> = {
  TAB_AS_INDENT: { message: 'a tab stands where spaces belong', hint: 'indent with spaces' },
  DUPLICATE_KEY: { message: 'a key stands here for the second time', hint: 'keep one of them' },
  MULTIPLE_DOCS: {
    message: 'a second document begins here',
    hint: 'remove the line --- and what follows it',
  },
  BAD_INDENT: { hint: 'keys of one level begin in the same column, and every bracket is closed' },
  BAD_SCALAR_START: { hint: 'put quotes around the value' },
  BLOCK_AS_IMPLICIT_KEY: { hint: 'put quotes around a value with a colon in it; check the indentation' },
  MISSING_CHAR: { hint: 'close the quote or bracket' },
  TAG_RESOLVE_FAILED: { hint: 'remove the tag; put quotes around a value that begins with !' },
  UNEXPECTED_TOKEN: { hint: 'put quotes around the whole value; check the indentation' },
};

/** Parses YAML or, stricter, JSON. Never throws for what a file may hold. */
export function parseConfig(text: string, format: 'yaml' | 'json'): ParsedConfig {
  const source = text.replace(/^\uFEFF/, '');
  const counter = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line, column: Math.max(1, col) };
  };

  let document: Document.Parsed;
  try {
    document = parseDocument(source, { lineCounter: counter, merge: true, prettyErrors: false });
  } catch (error) {
    return broken({ ...describe('', firstLine(error), format), position: null });
  }
  const problems = relevant([...document.errors, ...document.warnings]).map(
    (error): SyntaxProblem => ({
      ...describe(error.code, error.message, format),
      position: at(error.pos[0]),
    }),
  );
  const alias = problems.length === 0 ? danglingAlias(document) : undefined;
  if (alias)
    problems.push({ ...describe('', 'alias', format), position: alias.range ? at(alias.range[0]) : null });
  const strict = format === 'json' && problems.length === 0 ? jsonProblem(source, at) : undefined;
  if (strict) problems.push(strict);
  if (problems.length > 0) return { value: undefined, problems, locate: () => null };

  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return {
      value: value ?? undefined,
      problems: [],
      locate: (path, target) => {
        const offset = findOffset(document, path, target);
        return offset === undefined ? null : at(offset);
      },
    };
  } catch (error) {
    return broken({
      message: `is no valid YAML: ${firstLine(error)}`,
      hint: 'write the values out instead of repeating aliases',
      position: null,
    });
  }
}

/** The first alias of an anchor that does not stand before it. */
function danglingAlias(document: Document): Alias | undefined {
  const anchors = new Set<string>();
  let dangling: Alias | undefined;
  visit(document, {
    Alias: (_, alias) => {
      if (anchors.has(alias.source)) return undefined;
      dangling = alias;
      return visit.BREAK;
    },
    Value: (_, { anchor }) => {
      if (anchor) anchors.add(anchor);
    },
  });
  return dangling;
}

/** Where the value (or the key) at `path` begins, or else the deepest thing on the way that is there. */
function findOffset(document: Document, path: ConfigPath, target: 'value' | 'key'): number | undefined {
  const follow = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  let node = follow(document.contents);
  let offset: number | undefined;
  for (const step of path) {
    let start: unknown;
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      next = pair?.value;
      start = target === 'value' && isWritten(next) ? next : pair?.key;
    } else if (isSeq(node) && typeof step === 'number') {
      next = node.items[step];
      start = next;
    }
    if (!isNode(start) || !start.range) break;
    offset = start.range[0];
    node = follow(next);
  }
  return offset;
}

/** False for the value of `key:` with nothing after it, and for objects, which are found by their key. */
function isWritten(value: unknown): boolean {
  return isScalar(value) && value.range?.[0] !== value.range?.[1];
}

function broken(problem: SyntaxProblem): ParsedConfig {
  return { value: undefined, problems: [problem], locate: () => null };
}

/** After a broken token, every further error tends to be a consequence of it. */
function relevant<E extends { code: string }>(errors: readonly E[]): readonly E[] {
  const breaking = errors.find(({ code }) => code !== 'DUPLICATE_KEY' && code !== 'TAG_RESOLVE_FAILED');
  return breaking ? [breaking] : errors;
}

function describe(code: string, text: string, format: 'yaml' | 'json'): Omit<SyntaxProblem, 'position'> {
  const known = /alias/i.test(text) ? ALIAS : /call stack/i.test(text) ? TOO_DEEP : KNOWN[code];
  const message = known?.message ?? firstLine(text).replace(/ at line \d+, column \d+:?$/, '');
  return {
    message: `is no valid ${format.toUpperCase()}: ${message}`,
    hint: known?.hint ?? 'look at this line and the one before it',
  };
}

function jsonProblem(source: string, at: (offset: number) => Position): SyntaxProblem | undefined {
  if (source.trim() === '') return undefined;
  try {
    JSON.parse(source);
    return undefined;
  } catch (error) {
    const offset = /at position (\d+)/.exec((error as Error).message)?.[1];
    return {
      message: `is no valid JSON: ${firstLine(error).replace(/ at position \d+.*$| \(line \d+ column \d+\)$/, '')}`,
      hint: 'JSON has double quotes, no comments and no comma at the end; YAML is the easier choice',
      position: offset === undefined ? null : at(Number(offset)),
    };
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}
