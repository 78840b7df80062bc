import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import packages from './debian-packages.json' with { type: 'json' };

/** The programs of `names` that this machine lacks, as a sentence with the cure; null when all are there. */
export function missingPrograms(...names: string[]): string | null {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return null;
  const debian = missing.map((name) => packages.find((one) => one.program === name)?.package ?? name);
  return `not installed: ${missing.join(', ')} (on Debian: apt-get install ${[...new Set(debian)].join(' ')})`;
}

/**
 * Whether a suite that needs `names` is to be skipped; says why on the terminal. Where `CI` is set it never is: a
 * suite that cannot run there has failed.
 */
export function skipWithout(...names: string[]): boolean {
  const missing = missingPrograms(...names);
  if (missing === null || process.env.CI) return false;
  console.warn(`skipped: ${missing}`);
  return true;
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
