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
    if (peel(current).meta.secret === true) return true;
    current = childSchema(current, step);
  }
  return current !== undefined && peel(current).meta.secret === true;
}

/** A text that stands in a secret field. */
export interface SecretValue {
  readonly path: ConfigPath;
  readonly value: string;
}

/** Every text in a secret field of `value`, lists and records included. */
export function secretValues(
  schema: AnySchema,
  value: unknown,
  path: ConfigPath = [],
  inSecret = false,
): SecretValue[] {
  const secret = inSecret || peel(schema).meta.secret === true;
  if (typeof value === 'string') return secret ? [{ path, value }] : [];
  const children: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : isConfigObject(value)
      ? Object.entries(value)
      : [];
  return children.flatMap(([step, child]) => {
    const below = childSchema(schema, step);
    // A secret may hold free-form content; what is in it is as secret as the field itself.
    return below || secret ? secretValues(below ?? z.unknown(), child, [...path, step], secret) : [];
  });
}
