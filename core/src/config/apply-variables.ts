import { coerceText } from './coerce-text.js';
import type { ConfigPath } from './config-path.js';
import { formatPath } from './config-path.js';
import type { ConfigValues } from './config-values.js';
import { describeValue } from './describe-issue.js';
import type { Environment, FoundVariable, VariableAnswer } from './environment.js';
import type { VariableReport } from './loaded-config.js';
import type { ProblemCollector } from './problem-collector.js';
import { translateVariable } from './shared-variables.js';
import type { VariableReader } from './variable-readers.js';

export interface ApplyVariablesOptions {
  readonly readers: readonly VariableReader[];
  readonly environment: Environment;
  /** Settings of the config file. */
  readonly values: ConfigValues;
  /** Settings that stand in no file. */
  readonly variableValues: ConfigValues;
  readonly problems: ProblemCollector;
  notice(text: string): void;
}

/** Sets every setting that a variable gives a value to, and reports on all variables. */
export function applyVariables(options: ApplyVariablesOptions): VariableReport[] {
  const secretNames = new Set(
    options.readers.filter((reader) => reader.secret).flatMap((reader) => reader.names),
  );
  const answers = new Map<string, VariableAnswer>();
  const ask = (name: string): VariableAnswer => {
    if (!answers.has(name)) {
      const answer = options.environment.lookup(name, { secret: secretNames.has(name) });
      answers.set(name, translate(answer, options.notice));
    }
    return answers.get(name);
  };

  // A variable for a whole object comes before those for what is in it, so that these win.
  const ordered = options.readers.toSorted((a, b) => a.path.length - b.path.length);
  for (const reader of ordered) applyReader(reader, reader.names.map(ask), options, secretNames);
  return reportVariables(options.readers, secretNames, answers);
}

function translate(answer: VariableAnswer, notice: (text: string) => void): VariableAnswer {
  if (answer?.kind !== 'found') return answer;
  const translation = translateVariable(answer.variable.name, answer.variable.text);
  if (translation.notice) notice(translation.notice);
  if (translation.text === undefined) return undefined;
  return { kind: 'found', variable: { ...answer.variable, text: translation.text } };
}

const strength = { secret: 0, environment: 1, 'environment file': 1, '.env': 2, '.env file': 2 } as const;

function applyReader(
  reader: VariableReader,
  answers: readonly VariableAnswer[],
  options: ApplyVariablesOptions,
  secretNames: ReadonlySet<string>,
): void {
  const values = reader.variableOnly ? options.variableValues : options.values;
  const shownPath: ConfigPath = reader.variableOnly ? [] : reader.path;
  const found: FoundVariable[] = [];
  for (const answer of answers) {
    if (answer?.kind === 'found') found.push(answer.variable);
    if (answer?.kind !== 'problem') continue;
    const { name: variable, file, line, message, hint } = answer;
    options.problems.addFrom(shownPath, { variable, file, line }, { message, hint });
    values.drop(reader.path);
  }
  const [best, ...others] = found.toSorted((a, b) => strength[a.source] - strength[b.source]);
  if (!best) return;
  for (const other of others) {
    if (other.text !== best.text) options.notice(`${other.name} is not used, as ${best.name} is set too.`);
  }

  const origin = { source: best.source, variable: best.name, file: best.file, line: best.line };
  const fromFile = best.source !== 'environment' && best.source !== '.env';
  const secret = reader.secret || secretNames.has(best.name);
  const coerced = coerceText(reader.schema, secret ? best.text.trim() : best.text);
  if (coerced.ok) {
    values.set(reader.path, coerced.value, origin);
    if (fromFile) values.hide(reader.path);
    return;
  }
  const received = secret || fromFile ? null : describeValue(best.text);
  options.problems.addFrom(shownPath, origin, {
    message: `must be ${coerced.expected}${received === null ? '' : `, not ${received}`}`,
    expected: coerced.expected,
    received,
    hint: `correct ${best.name}, or remove it for the default`,
  });
  values.drop(reader.path);
}

function reportVariables(
  readers: readonly VariableReader[],
  secretNames: ReadonlySet<string>,
  answers: ReadonlyMap<string, VariableAnswer>,
): VariableReport[] {
  const names = [...new Set(readers.flatMap((reader) => reader.names))];
  return names.map((name) => {
    const answer = answers.get(name);
    return {
      name,
      secret: secretNames.has(name),
      readers: readers
        .filter((reader) => reader.names.includes(name))
        .map(({ plugin, path, variableOnly }) => ({ plugin, path: variableOnly ? '' : formatPath(path) })),
      source: answer?.kind === 'found' ? answer.variable.source : null,
    };
  });
}
