import { relative } from 'node:path';
import type { ConfigProblem } from './config-problem.js';

/**
 * The text a person sees: problems under the place they come from, in the order of that place, each with its
 * position, what is wrong, and what to do. `cwd` shortens the names of files below it.
 */
export function formatProblems(problems: readonly ConfigProblem[], cwd = process.cwd()): string {
  if (problems.length === 0) return 'The configuration has no problems.';
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = [`The configuration has ${count}:`];
  for (const [place, group] of groupByPlace(problems, cwd)) {
    lines.push('', place);
    for (const problem of group) {
      lines.push(`  ${subject(problem)}${problem.message}`);
      if (problem.hint) lines.push(`    hint: ${problem.hint}`);
    }
  }
  return lines.join('\n');
}

function groupByPlace(problems: readonly ConfigProblem[], cwd: string): [string, ConfigProblem[]][] {
  const groups = new Map<string, ConfigProblem[]>();
  for (const problem of problems) {
    const place = placeOf(problem, cwd);
    const group = groups.get(place);
    if (group) group.push(problem);
    else groups.set(place, [problem]);
  }
  for (const group of groups.values()) {
    group.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  }
  return [...groups];
}

function placeOf(problem: ConfigProblem, cwd: string): string {
  if (problem.file) {
    const short = relative(cwd, problem.file);
    return short.startsWith('..') ? problem.file : short;
  }
  if (problem.variable) return 'environment';
  return problem.plugin ? `plugin ${problem.plugin}` : 'settings';
}

function subject(problem: ConfigProblem): string {
  const position = problem.line === null ? '' : `${problem.line}:${problem.column ?? 1}  `;
  const name = problem.variable
    ? problem.path === ''
      ? problem.variable
      : `${problem.variable} (${problem.path})`
    : problem.path;
  return name === '' ? position : `${position}${name} `;
}
