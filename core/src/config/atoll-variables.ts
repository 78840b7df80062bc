import { type ConfigPath, isUnsafeKey } from './config-path.js';
import { type AnySchema, childSchema, definitionOf, knownKeys, peel } from './schema-walk.js';
import { suggest } from './suggest.js';

/** The setting that an `ATOLL__…` variable names, or why it names none. */
export type VariableTarget =
  | { readonly kind: 'path'; readonly path: ConfigPath; readonly variable: string }
  | { readonly kind: 'unknown'; readonly variable: string; readonly message: string; readonly hint: string };

const PREFIX = /^ATOLL__/i;

/** True for a variable that names a setting by its path. */
export function isPathVariable(name: string): boolean {
  return PREFIX.test(name);
}

/**
 * Finds the setting of `ATOLL__HTTP__PORT` or `ATOLL__PLUGINS__OCTOGEN__CONFIG__NAVIDROME__URL`: keys are compared
 * without case, `-` and `_`. In `…_FILE`, the name without it is the variable, unless a key is really called so.
 */
export function findTarget(schema: AnySchema, name: string): VariableTarget {
  const direct = resolveSegments(schema, name);
  if (direct.kind === 'path' || !/_FILE$/i.test(name)) return direct;
  const indirect = resolveSegments(schema, name.slice(0, -'_FILE'.length));
  return indirect.kind === 'path' ? indirect : direct;
}

function resolveSegments(schema: AnySchema, variable: string): VariableTarget {
  const segments = variable.replace(PREFIX, '').split('__');
  const path: string[] = [];
  let current: AnySchema | undefined = schema;
  for (const segment of segments) {
    const key: string | undefined = current && segment !== '' ? keyFor(current, segment) : undefined;
    current = current && key !== undefined ? childSchema(current, key) : undefined;
    if (key === undefined || current === undefined) {
      return unknown(variable, segment, path, schemaKeys(schema, path));
    }
    path.push(key);
  }
  return { kind: 'path', path, variable };
}

function schemaKeys(schema: AnySchema, path: readonly string[]): string[] {
  let current: AnySchema | undefined = schema;
  for (const step of path) current = current && childSchema(current, step);
  return current ? knownKeys(current) : [];
}

function unknown(
  variable: string,
  segment: string,
  path: readonly string[],
  keys: readonly string[],
): VariableTarget {
  const where = path.length === 0 ? 'the configuration' : path.join('.');
  const near = suggest(segment.toLowerCase(), keys);
  return {
    kind: 'unknown',
    variable,
    message:
      segment === '' ? 'has an empty part' : `names "${segment.toLowerCase()}", which ${where} does not have`,
    hint: near
      ? `did you mean ${environmentKey([...path, near])}?`
      : keys.length > 0
        ? `${where} has ${keys.join(', ')}`
        : `${where} has no keys of its own`,
  };
}

function keyFor(schema: AnySchema, segment: string): string | undefined {
  const keys = knownKeys(schema);
  const exact = keys.find((key) => key.replaceAll('-', '_').toLowerCase() === segment.toLowerCase());
  if (exact !== undefined) return exact;
  const known = keys.find((key) => plain(key) === plain(segment));
  if (known !== undefined) return known;
  // A record takes any key; the names in records (jobs, for one) are lower-case with dashes.
  const free = segment.toLowerCase().replaceAll('_', '-');
  return definitionOf(peel(schema).schema).type === 'record' && !isUnsafeKey(free) ? free : undefined;
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '');
}

/** The variable that sets the value at `path`, for example `ATOLL__HTTP__SHUTDOWN_MS`. */
export function environmentKey(path: ConfigPath): string {
  const words = path.map((step) =>
    String(step)
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replaceAll('-', '_')
      .toUpperCase(),
  );
  return ['ATOLL', ...words].join('__');
}
