import type { Document, Node, ParsedNode } from 'yaml';
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

const HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  DUPLICATE_KEY: 'keep one of them',
  MULTIPLE_DOCS: 'remove the line --- and what follows it',
  BAD_INDENT: 'keys of one level begin in the same column',
  BLOCK_AS_IMPLICIT_KEY: 'put quotes around a value with a colon in it',
  MISSING_CHAR: 'close the quote or bracket',
  TAG_RESOLVE_FAILED: 'remove the tag; put quotes around a value that begins with !',
};

/** Parses YAML or, stricter, JSON. Never throws for what a file may hold. The parser is loaded on the first call. */
export async function parseConfig(text: string, format: 'yaml' | 'json'): Promise<ParsedConfig> {
  const source = text.replace(/^\uFEFF/, '');
  const { LineCounter, isAlias, isMap, isNode, isPair, isScalar, isSeq, parseDocument } = await import(
    'yaml'
  );
  const counter = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line, column: Math.max(1, col) };
  };

  let document: Document.Parsed<ParsedNode>;
  try {
    document = parseDocument(source, {
      lineCounter: counter,
      merge: true,
      prettyErrors: false,
      strict: true,
    });
  } catch (error) {
    return broken({
      message: `cannot be parsed: ${firstLine(error)}`,
      hint: 'nest it less deeply',
      position: null,
    });
  }
  const problems = [...document.errors, ...document.warnings].map(
    (error): SyntaxProblem => ({
      message: `is no valid ${format.toUpperCase()}: ${describe(error.code, error.message)}`,
      hint: HINTS[error.code] ?? 'look at this line and the one before it',
      position: at(error.pos[0]),
    }),
  );
  if (format === 'json' && problems.length === 0 && source.trim() !== '') {
    const problem = jsonProblem(source, at);
    if (problem) return broken(problem);
  }
  if (problems.length > 0) return { value: undefined, problems, locate: () => null };

  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return broken({
      message: `is no valid YAML: ${firstLine(error)}`,
      hint: 'write the values out instead of repeating aliases',
      position: null,
    });
  }

  const resolveAlias = (node: unknown): Node | undefined => {
    const target = isAlias(node) ? node.resolve(document) : node;
    return isNode(target) ? target : undefined;
  };
  const locate = (path: ConfigPath, target: 'value' | 'key'): Position | null => {
    let node = resolveAlias(document.contents);
    let position: Position | null = null;
    for (const step of path) {
      let next: unknown;
      let start: unknown;
      if (isMap(node)) {
        const pair = node.items.find(
          (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
        );
        next = pair?.value;
        start =
          pair &&
          (target === 'value' && isScalar(next) && next.range?.[0] !== next.range?.[1] ? next : pair.key);
      } else if (isSeq(node) && typeof step === 'number') {
        next = node.items[step];
        start = next;
      }
      if (!isNode(start) || !start.range) break;
      position = at(start.range[0]);
      node = resolveAlias(next);
    }
    return position;
  };
  return { value: value === null ? undefined : value, problems: [], locate };
}

function broken(problem: SyntaxProblem): ParsedConfig {
  return { value: undefined, problems: [problem], locate: () => null };
}

function describe(code: string, message: string): string {
  if (code === 'DUPLICATE_KEY') return 'a key stands here for the second time';
  if (code === 'TAB_AS_INDENT') return 'a tab stands where spaces belong';
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here';
  return firstLine(message).replace(/ at line \d+, column \d+:?$/, '');
}

function jsonProblem(source: string, at: (offset: number) => Position): SyntaxProblem | undefined {
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
