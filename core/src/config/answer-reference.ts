import { resolve } from 'node:path';
import { type Environment, readValueFile } from './environment.js';
import type { Reference, ReferenceAnswer } from './references.js';

/** What a reference stands for. Relative paths start in `directory`, the folder of the config file. */
export function answerReference(
  reference: Reference,
  environment: Environment,
  directory: string,
): ReferenceAnswer {
  if (reference.kind === 'file') {
    const read = readValueFile(resolve(directory, reference.path));
    return 'problem' in read
      ? { problem: read.problem, hint: 'correct the path of the reference, or make the file readable' }
      : { value: read.text };
  }
  const { name, fallback } = reference;
  const found = environment.lookup(name, { secret: false });
  if (found?.kind === 'found') return { value: found.variable.text };
  if (found?.kind === 'problem')
    return { problem: `refers to ${found.name}, which ${found.message}`, hint: found.hint };
  if (fallback !== undefined) return { value: fallback };
  return {
    problem: `refers to the variable ${name}, which is not set`,
    hint: `set ${name}, or write \${env:${name}:-default}`,
  };
}
