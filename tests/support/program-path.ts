import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program of this machine is. */
export function programPath(name: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`${name} is not on the PATH`);
  return path;
}
