import { type ConfigPath, isConfigObject } from './config-path.js';

/** A node of a JSON Schema (draft 2020-12), as far as configs use it. */
export interface JsonSchemaNode {
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchemaNode | false;
  readonly prefixItems?: readonly JsonSchemaNode[];
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>;
  readonly additionalProperties?: JsonSchemaNode | boolean;
  readonly anyOf?: readonly JsonSchemaNode[];
  readonly oneOf?: readonly JsonSchemaNode[];
  readonly allOf?: readonly JsonSchemaNode[];
  readonly writeOnly?: boolean;
  readonly 'x-env'?: readonly string[];
  readonly 'x-unit'?: string;
}

/** The node that describes the value at `path`, or undefined. */
export function schemaNodeAt(root: JsonSchemaNode, path: ConfigPath): JsonSchemaNode | undefined {
  let node: JsonSchemaNode | undefined = root;
  for (const step of path) {
    if (node === undefined) return undefined;
    node = childNode(node, step);
  }
  return node;
}

function childNode(node: JsonSchemaNode, step: string | number): JsonSchemaNode | undefined {
  if (typeof step === 'number') {
    const item = node.prefixItems?.[step] ?? node.items;
    if (item) return item;
  } else {
    if (node.properties && Object.hasOwn(node.properties, step)) return node.properties[step];
    if (isConfigObject(node.additionalProperties)) return node.additionalProperties;
  }
  for (const option of [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]) {
    const found = childNode(option, step);
    if (found) return found;
  }
  return undefined;
}

/** What a field takes, as a noun phrase: `a whole number from 1 to 65535 (ms)`, `one of text, json`. */
export function describeType(node: JsonSchemaNode): string {
  const special = describeFormat(node);
  if (special) return special;
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum)
    return `one of ${node.enum.map((value) => (value === '' ? 'nothing' : String(value))).join(', ')}`;
  const options = node.anyOf ?? node.oneOf;
  if (options) return [...new Set(options.map(describeType))].join(' or ');
  if (typeof node.type === 'string') return describeKind(node.type, node);
  if (node.type) return [...new Set(node.type.map((type) => describeKind(type, node)))].join(' or ');
  return 'any value';
}

function describeFormat(node: JsonSchemaNode): string | undefined {
  switch (node.format) {
    case 'uri':
      return 'a URL that starts with http:// or https://';
    case 'cron':
      return 'a cron expression of five fields';
    case 'time-zone':
      return 'an IANA time zone';
    case 'schedule':
      return 'a cron expression, an interval such as 6h, or off';
    case 'time-span':
      return `a duration such as 30s, 5m or 6h${range(node, `, in ${node['x-unit']} `)}; a bare number means ${node['x-unit']}`;
    case 'byte-size':
      return `a size such as 10MB${range(node, ', in bytes ')}; a bare number means bytes`;
    default:
      return undefined;
  }
}

function describeKind(type: string, node: JsonSchemaNode): string {
  switch (type) {
    case 'integer':
    case 'number': {
      const unit = node['x-unit'] ? ` (${node['x-unit']})` : '';
      return `a ${type === 'integer' ? 'whole number' : 'number'}${range(node, ' ')}${unit}`;
    }
    case 'boolean':
      return 'true or false';
    case 'string':
      return `text${lengthRange(node.minLength, node.maxLength, 'characters')}`;
    case 'array':
      return `a list${lengthRange(node.minItems, node.maxItems, 'items')}${node.items ? `, each ${describeType(node.items)}` : ''}`;
    case 'object':
      if (node.properties) return `keys (${Object.keys(node.properties).join(', ')})`;
      return isConfigObject(node.additionalProperties)
        ? `keys, each with ${describeType(node.additionalProperties)}`
        : 'keys with values';
    default:
      return type;
  }
}

function range(node: JsonSchemaNode, before: string): string {
  const low = limit(node.minimum ?? node.exclusiveMinimum);
  const high = limit(node.maximum ?? node.exclusiveMaximum);
  const above = node.minimum === undefined && node.exclusiveMinimum !== undefined ? 'above' : 'of at least';
  if (low !== undefined && high !== undefined) return `${before}from ${low} to ${high}`;
  if (low !== undefined) return low === 0 && above === 'of at least' ? '' : `${before}${above} ${low}`;
  return high === undefined ? '' : `${before}of at most ${high}`;
}

/** Leaves out the bounds that only say that a number is a safe integer. */
function limit(value: number | undefined): number | undefined {
  return value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;
}

function lengthRange(low: number | undefined, high: number | undefined, what: string): string {
  if (low !== undefined && high !== undefined)
    return low === high ? ` of ${low} ${what}` : ` of ${low} to ${high} ${what}`;
  if (low !== undefined && low > 0) return low === 1 ? ', not empty' : ` of at least ${low} ${what}`;
  return high === undefined ? '' : ` of at most ${high} ${what}`;
}
