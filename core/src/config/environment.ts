import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where the value of a variable was found. */
export type VariableSource = 'secret' | 'environment' | 'environment file' | '.env' | '.env file';

export interface FoundVariable {
  readonly name: string;
  readonly text: string;
  readonly source: VariableSource;
  /** The `.env` file and line, where it stands there. */
  readonly file: string | null;
  readonly line: number | null;
}

export type VariableAnswer =
  | { readonly kind: 'found'; readonly variable: FoundVariable }
  | {
      readonly kind: 'problem';
      readonly name: string;
      readonly message: string;
      readonly hint: string;
      readonly file: string | null;
      readonly line: number | null;
    }
  | undefined;

/** A `.env` file: its variables and the lines they stand on. */
export interface EnvFile {
  readonly file: string;
  readonly values: Readonly<Record<string, string>>;
  readonly lines: ReadonlyMap<string, number>;
}

export interface EnvironmentOptions {
  env: Readonly<Record<string, string | undefined>>;
  envFile: EnvFile | null;
  /** Folder of Docker secrets. */
  secretsDir: string;
  /** Where relative paths in `…_FILE` start. */
  cwd: string;
}

/** No value of a config is longer than this; a path that names something larger is a mistake. */
const LARGEST_FILE = 1024 * 1024;

/**
 * Every variable the config may come from. One variable is looked for in this order: `/run/secrets/<name in lower
 * case>` (secrets only), `<NAME>_FILE` or `<NAME>` in the environment, `<NAME>_FILE` or `<NAME>` in `.env`. Both
 * forms in one place contradict each other and are a problem. Empty counts as not set.
 */
export class Environment {
  readonly #options: EnvironmentOptions;
  readonly #secrets: ReadonlyMap<string, string>;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.#secrets = listSecrets(options.secretsDir);
  }

  /** Names of every variable and secret that is set, `_FILE` forms as they are. */
  names(): string[] {
    const { env, envFile } = this.#options;
    return [
      ...new Set([...setNames(env), ...(envFile ? setNames(envFile.values) : []), ...this.#secrets.keys()]),
    ];
  }

  lookup(name: string, options: { secret: boolean }): VariableAnswer {
    const secret = options.secret ? this.#secret(name) : undefined;
    if (secret) return secret;
    const { env, envFile } = this.#options;
    const place = (): Pick<FoundVariable, 'file' | 'line'> => ({ file: null, line: null });
    const inEnvironment = this.#layer(name, env, 'environment', place);
    if (inEnvironment || !envFile) return inEnvironment;
    return this.#layer(name, envFile.values, '.env', (key) => ({
      file: envFile.file,
      line: envFile.lines.get(key) ?? null,
    }));
  }

  #secret(name: string): VariableAnswer {
    const file = this.#secrets.get(name.toUpperCase());
    if (file === undefined) return undefined;
    const read = readValueFile(file);
    if ('problem' in read) {
      const hint = 'make the secret readable for the user that runs Atoll';
      return { kind: 'problem', name, message: read.problem, hint, file: null, line: null };
    }
    if (read.text === '') return undefined;
    return { kind: 'found', variable: { name, text: read.text, source: 'secret', file: null, line: null } };
  }

  #layer(
    name: string,
    values: Readonly<Record<string, string | undefined>>,
    source: 'environment' | '.env',
    place: (key: string) => Pick<FoundVariable, 'file' | 'line'>,
  ): VariableAnswer {
    const text = ownText(values, name);
    const fileKey = `${name}_FILE`;
    const path = ownText(values, fileKey);
    if (text !== undefined && path !== undefined) {
      return {
        kind: 'problem',
        name,
        message: `is set twice, as ${name} and as ${fileKey}`,
        hint: `keep one of them`,
        ...place(fileKey),
      };
    }
    if (text !== undefined) return { kind: 'found', variable: { name, text, source, ...place(name) } };
    if (path === undefined) return undefined;
    const read = readValueFile(resolve(this.#options.cwd, path));
    const problem =
      'problem' in read ? read.problem : read.text === '' ? `names the empty file ${path}` : undefined;
    if (problem !== undefined || 'problem' in read) {
      return {
        kind: 'problem',
        name: fileKey,
        message: problem ?? '',
        hint: `let ${fileKey} name a file that holds the value`,
        ...place(fileKey),
      };
    }
    return {
      kind: 'found',
      variable: { name, text: read.text, source: `${source} file`, ...place(fileKey) },
    };
  }
}

function ownText(values: Readonly<Record<string, string | undefined>>, key: string): string | undefined {
  const text = Object.hasOwn(values, key) ? values[key] : undefined;
  return text === undefined || text.trim() === '' ? undefined : text;
}

function setNames(values: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(values).filter((key) => ownText(values, key) !== undefined);
}

function listSecrets(directory: string): Map<string, string> {
  try {
    return new Map(readdirSync(directory).map((name) => [name.toUpperCase(), join(directory, name)]));
  } catch {
    // No such folder outside Docker: there are no secrets then.
    return new Map();
  }
}

/** The trimmed text of a file that holds one value, or why it cannot be had, as the rest of a sentence. */
export function readValueFile(path: string): { text: string } | { problem: string } {
  try {
    const stat = statSync(path);
    if (!stat.isFile() && !stat.isFIFO()) return { problem: `names ${path}, which is no file` };
    if (stat.size > LARGEST_FILE) return { problem: `names ${path}, which is larger than 1 MiB` };
    return {
      text: readFileSync(path, 'utf8')
        .replace(/^\uFEFF/, '')
        .trim(),
    };
  } catch (error) {
    return {
      problem: `names ${path}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
    };
  }
}
