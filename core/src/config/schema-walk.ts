import { z } from 'zod';
import { type ConfigPath, isConfigObject } from './config-path.js';

/** Any zod schema, also one of another zod class than the classic ones. */
export type AnySchema = z.core.$ZodType;

/** A schema without what is wrapped around it, and the metadata of all layers (the outer ones win). */
export interface PeeledSchema {
  readonly schema: AnySchema;
  readonly meta: z.GlobalMeta;
  readonly nullable: boolean;
}

/** The definition of a schema as a union that `type` discriminates. */
export function definitionOf(schema: AnySchema): z.core.$ZodTypes['_zod']['def'] {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** Takes off optional, default, pipes and the like, down to the schema that says what kind of input it takes. */
export function peel(schema: AnySchema): PeeledSchema {
  let current = schema;
  let meta: z.GlobalMeta = {};
  let nullable = false;
  for (;;) {
    meta = { ...z.globalRegistry.get(current), ...meta };
    const def = definitionOf(current);
    switch (def.type) {
      case 'nullable':
        nullable = true;
        current = def.innerType;
        break;
      case 'optional':
      case 'default':
      case 'prefault':
      case 'nonoptional':
      case 'readonly':
      case 'catch':
      case 'success':
      case 'promise':
        current = def.innerType;
        break;
      case 'lazy':
        current = def.getter();
        break;
      case 'pipe':
        current = definitionOf(def.in).type === 'transform' ? def.out : def.in;
        break;
      default:
        return { schema: current, meta, nullable };
    }
  }
}

/** The schema of a child, or undefined where the schema has no such child. */
export function childSchema(schema: AnySchema, step: string | number): AnySchema | undefined {
  const def = definitionOf(peel(schema).schema);
  switch (def.type) {
    case 'object':
      return Object.hasOwn(def.shape, step) ? def.shape[step] : def.catchall && openCatchall(def.catchall);
    case 'record':
      return def.valueType;
    case 'array':
      return typeof step === 'number' ? def.element : undefined;
    case 'tuple':
      return typeof step === 'number' ? (def.items[step] ?? def.rest ?? undefined) : undefined;
    case 'union':
      return firstDefined(def.options, (option) => childSchema(option, step));
    case 'intersection':
      return childSchema(def.left, step) ?? childSchema(def.right, step);
    default:
      return undefined;
  }
}

function openCatchall(catchall: AnySchema): AnySchema | undefined {
  return definitionOf(catchall).type === 'never' ? undefined : catchall;
}

function firstDefined<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The schema at `path`, or undefined. */
export function schemaAt(schema: AnySchema, path: ConfigPath): AnySchema | undefined {
  let current: AnySchema | undefined = schema;
  for (const step of path) {
    if (current === undefined) return undefined;
    current = childSchema(current, step);
  }
  return current;
}

/** The names a schema's objects take; empty where any name goes. */
export function knownKeys(schema: AnySchema): string[] {
  const def = definitionOf(peel(schema).schema);
  switch (def.type) {
    case 'object':
      return Object.keys(def.shape);
    case 'union':
      return [...new Set(def.options.flatMap(knownKeys))];
    case 'intersection':
      return [...new Set([...knownKeys(def.left), ...knownKeys(def.right)])];
    default:
      return [];
  }
}

/** True for a schema whose input is an object with names of its own: its children can be set one by one. */
export function takesObject(schema: AnySchema): boolean {
  const def = definitionOf(peel(schema).schema);
  if (def.type === 'union') return def.options.some(takesObject);
  return def.type === 'object' || def.type === 'record' || def.type === 'intersection';
}

/** A field of a config: something with a name that can be set. */
export interface SchemaField {
  readonly path: readonly string[];
  readonly schema: AnySchema;
  readonly meta: z.GlobalMeta;
}

/** Every named field below `schema`, objects and what is in them, in the order of declaration. */
export function listFields(schema: AnySchema, path: readonly string[] = []): SchemaField[] {
  const def = definitionOf(peel(schema).schema);
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([key, child]) => {
        const childPath = [...path, key];
        return [{ path: childPath, schema: child, meta: peel(child).meta }, ...listFields(child, childPath)];
      });
    case 'union':
      return uniqueByPath(def.options.flatMap((option) => listFields(option, path)));
    case 'intersection':
      return uniqueByPath([...listFields(def.left, path), ...listFields(def.right, path)]);
    default:
      return [];
  }
}

function uniqueByPath(fields: readonly SchemaField[]): SchemaField[] {
  return [...new Map(fields.map((field) => [field.path.join('\0'), field])).values()];
}

/** True where the field at `path`, or one that holds it, is declared as a secret. */
export function isSecretAt(schema: AnySchema, path: ConfigPath): boolean {
  let current: AnySchema | undefined = schema;
  for (const step of path) {
    if (current === undefined) return false;
    if (isSecretSchema(current)) return true;
    current = childSchema(current, step);
  }
  return current !== undefined && isSecretSchema(current);
}

function isSecretSchema(schema: AnySchema): boolean {
  const { schema: inner, meta } = peel(schema);
  const def = definitionOf(inner);
  return isSecretMeta(meta) || (def.type === 'union' && def.options.some(isSecretSchema));
}

/** A text and where it stands. */
export interface TextAt {
  readonly path: ConfigPath;
  readonly value: string;
}

/** Every text of `value` whose field, or one that holds it, has metadata that `matches`; lists and records included. */
export function textsWhere(
  schema: AnySchema,
  value: unknown,
  matches: (meta: z.GlobalMeta) => boolean,
  path: ConfigPath = [],
): TextAt[] {
  const { schema: inner, meta } = peel(schema);
  if (matches(meta)) return textsIn(value, path);
  const def = definitionOf(inner);
  if (def.type === 'union' && typeof value === 'string') {
    // The first kind that takes the text is the one zod reads it as; of a bad text nobody knows, so all are asked.
    const meant = def.options.find((option) => z.safeParse(option, value).success);
    const options = meant ? [meant] : def.options;
    return options.flatMap((option) => textsWhere(option, value, matches, path)).slice(0, 1);
  }
  return childrenOf(value).flatMap(([step, child]) => {
    const below = childSchema(schema, step);
    return below ? textsWhere(below, child, matches, [...path, step]) : [];
  });
}

function textsIn(value: unknown, path: ConfigPath): TextAt[] {
  if (typeof value === 'string') return [{ path, value }];
  return childrenOf(value).flatMap(([step, child]) => textsIn(child, [...path, step]));
}

function childrenOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return [...value.entries()];
  return isConfigObject(value) ? Object.entries(value) : [];
}

/** True for the metadata of a field whose value must not be shown. */
export function isSecretMeta(meta: z.GlobalMeta): boolean {
  return meta.secret === true;
}

/** What kind of value a schema takes, as a word to compare: two readers of one variable must agree on it. */
export function kindOf(schema: AnySchema): string {
  const { schema: inner, meta } = peel(schema);
  const def = definitionOf(inner);
  const format = meta.format ? ` (${meta.format})` : '';
  switch (def.type) {
    case 'union':
      return [...new Set(def.options.map(kindOf))].sort().join(' or ') + format;
    case 'array':
      return `list of ${kindOf(def.element)}`;
    case 'enum':
      return `one of ${Object.values(def.entries).map(String).sort().join(', ')}`;
    default:
      return `${def.type}${format}`;
  }
}
