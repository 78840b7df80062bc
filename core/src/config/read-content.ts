import { readConfigFile } from './config-file.js';
import { type ConfigObject, isConfigObject } from './config-path.js';
import { type ConfigProblem, configProblem } from './config-problem.js';
import { describeValue } from './describe-issue.js';
import type { ParsedConfig } from './parse-config.js';

/** What a config file holds; nothing, and the problems, where it cannot be read. */
export interface FileContent {
  readonly root: ConfigObject;
  readonly problems: readonly ConfigProblem[];
  readonly locate: ParsedConfig['locate'];
}

/** Reads and parses the config file; without one, everything is empty. */
export async function readContent(file: string | null): Promise<FileContent> {
  const empty = { root: {}, locate: () => null };
  if (file === null) return { ...empty, problems: [] };
  const read = readConfigFile(file);
  if ('problem' in read) return { ...empty, problems: [read.problem] };
  // The parser costs 20 ms, which a start without a config file does not pay.
  const { parseConfig } = await import('./parse-config.js');
  const parsed = parseConfig(read.text, read.format);
  const problems = parsed.problems.map(({ message, hint, position }) =>
    configProblem({ file, message, hint, line: position?.line ?? null, column: position?.column ?? null }),
  );
  if (parsed.value === undefined) return { ...empty, problems };
  if (isConfigObject(parsed.value)) return { root: parsed.value, problems, locate: parsed.locate };
  const problem = configProblem({
    file,
    line: 1,
    column: 1,
    message: `must hold keys with values, not ${describeValue(parsed.value)}`,
    expected: 'keys with values',
    hint: 'begin with a key, for example http:',
  });
  return { ...empty, problems: [problem] };
}
