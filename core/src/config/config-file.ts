import { existsSync, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { type ConfigProblem, configProblem } from './config-problem.js';
import { readEnvFile } from './env-file.js';
import type { EnvFile } from './environment.js';

export interface FindConfigOptions {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Given on the command line: comes before `ATOLL_CONFIG`. */
  file?: string;
  /** Given on the command line: comes before `ATOLL_DATA_DIR`. */
  dataDir?: string;
}

export interface ConfigLocation {
  /** Absolute path; null where there is no config file. */
  readonly file: string | null;
  readonly envFile: EnvFile | null;
  /** Absolute path. */
  readonly dataDir: string;
  readonly problems: readonly ConfigProblem[];
  readonly notices: readonly string[];
}

const NAMES = ['atoll.yaml', 'atoll.yml', 'atoll.json'];

/**
 * Finds the config file (given, `ATOLL_CONFIG`, the working folder, the data folder), the `.env` beside it, and the
 * data folder. Without a config file, or beside one in the data folder that has no `.env`, the working folder's
 * `.env` counts.
 */
export function findConfig(options: FindConfigOptions): ConfigLocation {
  const { cwd } = options;
  const problems: ConfigProblem[] = [];
  const notices: string[] = [];
  const envFiles = (directory: string): EnvFile | null => {
    const file = join(directory, '.env');
    try {
      return readEnvFile(file);
    } catch (error) {
      problems.push(unreadable(file, error));
      return null;
    }
  };

  const variable = options.env.ATOLL_CONFIG?.trim() || undefined;
  const given = options.file ?? variable;
  const named = given === undefined ? undefined : resolve(cwd, given);
  const local = named ?? pick(cwd, notices);
  const directory = local === undefined ? cwd : dirname(local);
  let envFile = envFiles(directory);
  const dataDir = resolve(
    cwd,
    options.dataDir ??
      (options.env.ATOLL_DATA_DIR?.trim() || envFile?.values.ATOLL_DATA_DIR?.trim() || './data'),
  );
  const file = local ?? pick(dataDir, notices);
  if (local === undefined && file !== undefined && dataDir !== cwd) envFile = envFiles(dataDir) ?? envFile;

  if (envFile?.values.ATOLL_CONFIG?.trim()) {
    problems.push(
      configProblem({
        file: envFile.file,
        line: envFile.lines.get('ATOLL_CONFIG') ?? null,
        variable: 'ATOLL_CONFIG',
        message: 'cannot stand in .env, which is looked for beside the config file',
        hint: 'set it in the environment',
      }),
    );
  }
  if (named !== undefined) {
    const missing = namedFileProblem(named, options.file === undefined ? 'ATOLL_CONFIG' : null);
    if (missing) return { file: null, envFile, dataDir, problems: [...problems, missing], notices };
  }
  return { file: file ?? null, envFile, dataDir, problems, notices };
}

/** The config file of a folder. */
function pick(directory: string, notices: string[]): string | undefined {
  const found = NAMES.map((name) => join(directory, name)).filter((file) => existsSync(file));
  const [first, ...others] = found;
  if (first && others.length > 0)
    notices.push(`${first} is used; ${others.join(' and ')} beside it is not read.`);
  return first;
}

function namedFileProblem(file: string, variable: string | null): ConfigProblem | undefined {
  let stat: Stats | undefined;
  try {
    stat = statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    return {
      ...unreadable(file, error),
      file: null,
      variable,
      message: `names ${file}, which cannot be reached`,
    };
  }
  if (stat?.isFile()) {
    return NAMES.some((name) => extname(name) === extname(file).toLowerCase())
      ? undefined
      : configProblem({
          variable,
          message: `names ${file}, which ends in none of .yaml, .yml, .json`,
          hint: 'rename it',
        });
  }
  return configProblem({
    variable,
    message: stat ? `names ${file}, which is no file` : `names ${file}, which does not exist`,
    hint: 'correct the path; atoll init writes a config file to begin with',
  });
}

const LARGEST_CONFIG = 1024 * 1024;

/** The text of the config file, or the problem that keeps it from being read. */
export function readConfigFile(
  file: string,
): { text: string; format: 'yaml' | 'json' } | { problem: ConfigProblem } {
  try {
    const stat = statSync(file);
    if (!stat.isFile())
      return { problem: configProblem({ file, message: 'is no file', hint: 'remove or rename it' }) };
    if (stat.size > LARGEST_CONFIG) {
      return {
        problem: configProblem({ file, message: 'is larger than 1 MiB', hint: 'is this the right file?' }),
      };
    }
    const bytes = readFileSync(file);
    if (bytes.includes(0)) {
      return { problem: configProblem({ file, message: 'is no text in UTF-8', hint: 'save it as UTF-8' }) };
    }
    return {
      text: bytes.toString('utf8'),
      format: extname(file).toLowerCase() === '.json' ? 'json' : 'yaml',
    };
  } catch (error) {
    return { problem: unreadable(file, error) };
  }
}

function unreadable(file: string, error: unknown): ConfigProblem {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  return configProblem({
    file,
    message: `cannot be read (${code})`,
    hint: code === 'EACCES' ? 'let the user that runs Atoll read it' : 'look at the path',
  });
}
