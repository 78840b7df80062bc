import { distance } from 'fastest-levenshtein';
import { isPathVariable } from './atoll-variables.js';
import type { EnvFile } from './environment.js';
import { bootVariables, ignoredVariablesNotice, isIgnoredVariable } from './shared-variables.js';

/** What to say about variables that are set and that nothing reads: ignored ones, and likely misspellings. */
export function variableNotices(
  env: Readonly<Record<string, string | undefined>>,
  envFile: EnvFile | null,
  read: readonly string[],
): string[] {
  const known = new Set([...read, ...bootVariables]);
  const ofEnvironment = Object.keys(env).filter((name) => env[name]);
  const ofFile = Object.keys(envFile?.values ?? {}).filter((name) => envFile?.values[name]);
  const ignored = ignoredVariablesNotice([...ofEnvironment, ...ofFile]);
  const notices = ignored ? [ignored] : [];
  // The environment holds the variables of other programs too; only names of ours can be misspelled there.
  const candidates = new Set([...ofFile, ...ofEnvironment.filter((name) => name.startsWith('ATOLL_'))]);
  for (const name of candidates) {
    const plain = name.replace(/_FILE$/, '');
    if (known.has(name) || known.has(plain) || isIgnoredVariable(name) || isPathVariable(name)) continue;
    const near = [...known].find((candidate) => distance(candidate, name) <= 2);
    if (near) notices.push(`${name} is read by nothing; did you mean ${near}?`);
    else if (name.startsWith('ATOLL_')) notices.push(`${name} is read by nothing.`);
  }
  return notices;
}
