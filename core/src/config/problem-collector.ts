import { pluginAt } from './config-model.js';
import { type ConfigPath, formatPath } from './config-path.js';
import { type ConfigProblem, configProblem } from './config-problem.js';
import type { ConfigValues, ValueOrigin } from './config-values.js';
import type { ParsedConfig } from './parse-config.js';

export type ProblemText = Pick<ConfigProblem, 'message'> &
  Partial<Pick<ConfigProblem, 'expected' | 'received' | 'hint'>> & { atKey?: boolean };

/** Gathers problems and finds out for each where its value stands and whom it concerns. */
export class ProblemCollector {
  readonly #problems: ConfigProblem[] = [];
  readonly #file: string | null;
  readonly #locate: ParsedConfig['locate'];

  constructor(file: string | null, locate: ParsedConfig['locate']) {
    this.#file = file;
    this.#locate = locate;
  }

  get problems(): readonly ConfigProblem[] {
    return this.#problems;
  }

  add(...problems: readonly ConfigProblem[]): void {
    this.#problems.push(...problems);
  }

  /** A problem of the value at `path`, which stands where `values` got it from. */
  addAt(path: ConfigPath, values: ConfigValues, text: ProblemText): void {
    const origin = values.originOf(path);
    if (origin) this.addFrom(path, origin, text);
    else this.addInFile(path, text);
  }

  /** A problem of a value that the config file holds, or should hold. */
  addInFile(path: ConfigPath, { atKey = false, ...text }: ProblemText): void {
    const position = this.#file === null ? null : this.#locate(path, atKey ? 'key' : 'value');
    this.add(
      configProblem({
        ...text,
        plugin: pluginAt(path),
        path: formatPath(path),
        file: this.#file,
        line: position?.line ?? null,
        column: position?.column ?? null,
      }),
    );
  }

  /** A problem of a value that comes from a variable or from the command line. */
  addFrom(
    path: ConfigPath,
    origin: Omit<ValueOrigin, 'source'>,
    { atKey: _atKey, ...text }: ProblemText,
  ): void {
    this.add(
      configProblem({
        ...text,
        plugin: pluginAt(path),
        path: formatPath(path),
        file: origin.file,
        line: origin.line,
        column: origin.line === null ? null : 1,
        variable: origin.variable,
      }),
    );
  }
}
