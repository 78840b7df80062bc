import { findTarget, isPathVariable } from './atoll-variables.js';
import { type ConfigModel, pluginAt } from './config-model.js';
import { environmentSettingsSchema } from './environment-settings.js';
import { type AnySchema, isSecretAt, kindOf, listFields, schemaAt } from './schema-walk.js';
import { bootVariables, isIgnoredVariable } from './shared-variables.js';

/** A setting and the variables it can come from, the strongest first. */
export interface VariableReader {
  /** Full path; settings that stand in no file have the path of `environmentSettingsSchema`. */
  readonly path: readonly string[];
  readonly schema: AnySchema;
  readonly secret: boolean;
  readonly names: readonly string[];
  readonly plugin: string | null;
  /** The setting stands in no file. */
  readonly variableOnly: boolean;
}

/** Something about the variables that plugins declare, or that are set, which cannot be. */
export interface VariableProblem {
  readonly path: readonly string[];
  readonly variable: string;
  readonly message: string;
  readonly hint: string;
}

export interface VariableReaders {
  readonly readers: readonly VariableReader[];
  readonly problems: readonly VariableProblem[];
}

/** Finds every setting that a variable can set: by the name its field declares, or by its path (`ATOLL__…`). */
export function findVariableReaders(model: ConfigModel, setNames: readonly string[]): VariableReaders {
  const problems: VariableProblem[] = [];
  const readers = new Map<string, VariableReader>();
  for (const field of listFields(environmentSettingsSchema)) {
    readers.set(`variables\0${field.path.join('\0')}`, {
      ...field,
      secret: isSecretAt(environmentSettingsSchema, field.path),
      names: field.meta.env ?? [],
      plugin: null,
      variableOnly: true,
    });
  }
  const declare = (path: readonly string[], schema: AnySchema, names: readonly string[]): void => {
    const key = path.join('\0');
    const known = readers.get(key);
    readers.set(key, {
      path,
      schema,
      secret: isSecretAt(model.schema, path),
      names: [...names, ...(known?.names ?? [])],
      plugin: pluginAt(path),
      variableOnly: false,
    });
  };
  for (const field of listFields(model.schema)) {
    if (field.meta.env?.length) declare(field.path, field.schema, field.meta.env);
  }
  const checked = checkDeclarations([...readers.values()], problems);
  readers.clear();
  for (const reader of checked)
    readers.set(`${reader.variableOnly ? 'variables\0' : ''}${reader.path.join('\0')}`, reader);

  for (const name of setNames.filter(isPathVariable)) {
    const target = findTarget(model.schema, name);
    if (target.kind === 'unknown') {
      problems.push({ path: [], variable: name, message: target.message, hint: target.hint });
      continue;
    }
    const path = target.path.map(String);
    const schema = schemaAt(model.schema, path);
    // The path says exactly which setting is meant, so it comes before the names of the field.
    if (schema) declare(path, schema, [target.variable]);
  }
  return { readers: [...readers.values()], problems };
}

/** Takes out the names that a plugin may not declare: the host's own, and those another one reads as another type. */
function checkDeclarations(
  readers: readonly VariableReader[],
  problems: VariableProblem[],
): VariableReader[] {
  const hostNames = new Set(
    readers.filter((reader) => reader.plugin === null).flatMap((reader) => reader.names),
  );
  const first = new Map<string, VariableReader>();
  return readers.map((reader) => {
    if (reader.plugin === null) return reader;
    const names = reader.names.filter((variable) => {
      if (hostNames.has(variable) || isHostVariable(variable)) {
        problems.push({
          path: reader.path,
          variable,
          message: 'belongs to the host: a plugin cannot read it',
          hint: `the plugin ${reader.plugin} has to name another variable`,
        });
        return false;
      }
      const other = first.get(variable);
      first.set(variable, other ?? reader);
      if (!other || kindOf(other.schema) === kindOf(reader.schema)) return true;
      problems.push({
        path: reader.path,
        variable,
        message: `is read as ${kindOf(reader.schema)} here, and as ${kindOf(other.schema)} by ${other.path.join('.')}`,
        hint: 'one of the plugins has to name another variable',
      });
      return false;
    });
    return { ...reader, names };
  });
}

function isHostVariable(name: string): boolean {
  return name.startsWith('ATOLL_') || bootVariables.includes(name) || isIgnoredVariable(name);
}
