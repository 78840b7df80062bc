import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { EnvFile } from './environment.js';

/** Reads a `.env` file; null where there is none. Throws the system's error when it cannot be read. */
export function readEnvFile(file: string): EnvFile | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const values = Object.fromEntries(Object.entries(parseEnv(text)).map(([key, value]) => [key, value ?? '']));
  return { file, values, lines: assignmentLines(text) };
}

/** The line of each variable's last assignment, which is the one that counts. */
function assignmentLines(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    const name = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1];
    if (name) lines.set(name, index + 1);
  }
  return lines;
}
