import { parseBoolean } from './coerce-text.js';
import { databaseKind } from './storage-url.js';

/** What a variable's text stands for: other text, or nothing, with a word to the user. */
export interface Translation {
  /** Undefined: the variable counts as not set. */
  readonly text: string | undefined;
  readonly notice?: string;
}

const LOG_LEVEL_NAMES: Readonly<Record<string, string>> = {
  warning: 'warn',
  critical: 'fatal',
  notset: 'trace',
  verbose: 'debug',
  silly: 'trace',
};

const translations: Readonly<Record<string, (text: string) => Translation>> = {
  LOG_LEVEL: (text) => {
    const word = text.trim().toLowerCase();
    return { text: Object.hasOwn(LOG_LEVEL_NAMES, word) ? LOG_LEVEL_NAMES[word] : word };
  },
  LOG_FORMAT: (text) => {
    const word = text.trim().toLowerCase();
    if (word === 'json' || word === 'text') return { text: word };
    return { text: 'text', notice: 'LOG_FORMAT is neither text nor json: lines are written as text.' };
  },
  // The `debug` package reads namespaces from the same variable.
  DEBUG: (text) =>
    parseBoolean(text) === undefined
      ? { text: undefined, notice: 'DEBUG is neither true nor false: it does not change the log level.' }
      : { text },
  DATABASE_URL: (text) => {
    const kind = databaseKind(text);
    if (kind === 'postgres') return { text };
    const what = { sqlite: 'a SQLite', mysql: 'a MySQL', other: 'an unknown kind of' }[kind];
    return {
      text: undefined,
      notice:
        `DATABASE_URL names ${what} database and is not opened: Atoll keeps databases of its own in its data folder. ` +
        'Set ATOLL_DATA_DIR or storage.url (sqlite:<folder>) to say where.',
    };
  },
};

/** Reads the text of a variable that other programs give other values than Atoll does. */
export function translateVariable(name: string, text: string): Translation {
  return Object.hasOwn(translations, name) ? (translations[name]?.(text) ?? { text }) : { text };
}

const IGNORED = ['HOST', 'PORT', 'SECRET_KEY', 'ATOLL_SECRET_KEY', 'REDIS_URL'];
const IGNORED_PREFIXES = ['CELERY_', 'FLASK_'];

/** True for a variable of the original programs that Atoll has no use for. */
export function isIgnoredVariable(name: string): boolean {
  return IGNORED.includes(name) || IGNORED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** One notice about every ignored variable that is set; undefined when none is. */
export function ignoredVariablesNotice(names: Iterable<string>): string | undefined {
  const ignored = [...new Set(names)].filter(isIgnoredVariable).sort();
  if (ignored.length === 0) return undefined;
  return `Ignored, as nothing reads them: ${ignored.join(', ')}. The address and port are ATOLL_HOST and ATOLL_PORT.`;
}

/** Variables read before there is a config, or by commands that talk to a running host. */
export const bootVariables = ['ATOLL_CONFIG', 'ATOLL_DATA_DIR', 'ATOLL_URL', 'ATOLL_TOKEN'];

/** Variables that are read only to say what is wrong with them: examples do not offer them. */
export const unofferedVariables: readonly string[] = ['DATABASE_URL'];
