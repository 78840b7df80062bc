import { describeType, type JsonSchemaNode } from './describe-type.js';

const WIDTH = 100;

/** What a person needs to know of one setting, as lines for a comment. */
export function settingLines(node: JsonSchemaNode, indent: number): string[] {
  const parts = [node.title, node.description, `Takes ${describeType(node)}.`, defaultText(node)];
  return wrap(
    parts
      .filter((part) => part !== undefined)
      .map(sentence)
      .join(' '),
    WIDTH - indent,
  );
}

function defaultText(node: JsonSchemaNode): string | undefined {
  if (node.default === undefined || isEmpty(node.default)) return undefined;
  if (node.default === '') return 'Default: empty.';
  return `Default: ${typeof node.default === 'string' ? node.default : JSON.stringify(node.default)}.`;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** The value an example shows: an example of the schema's, its default, or something of the right kind. */
export function exampleValue(node: JsonSchemaNode): unknown {
  if (node.examples?.length) return node.examples[0];
  if (node.default !== undefined) return node.default;
  if (node.const !== undefined) return node.const;
  if (node.enum?.length) return node.enum[0];
  const option = node.anyOf?.[0] ?? node.oneOf?.[0];
  if (option) return exampleValue(option);
  switch (Array.isArray(node.type) ? node.type[0] : node.type) {
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return Math.max(node.minimum ?? 0, 0);
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return exampleText(node);
  }
}

function exampleText(node: JsonSchemaNode): string {
  switch (node.format) {
    case 'uri':
      return 'http://192.168.1.10:8080';
    case 'cron':
      return '30 4 * * *';
    case 'time-zone':
      return 'UTC';
    default:
      return '';
  }
}

/** Breaks a text into lines of at most `width` characters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}
