import { isAtollError } from '@atoll/sdk';
import { ConfigProblemsError } from '../boot/config-problems-error.js';
import { statusOfCode } from '../http/problem-status.js';
import { describeException } from '../logging/describe-exception.js';
import { escapeControl } from '../logging/escape-control.js';
import type { CliIo } from './cli-io.js';

/** Says on standard error what went wrong and what to do: as lines, or with `--json` as one problem document. */
export function reportError(error: unknown, io: Pick<CliIo, 'stderr' | 'env'>, json: boolean): void {
  const known = isAtollError(error);
  const detail = error instanceof Error ? error.message : String(error);
  const hint = known ? (error.hint ?? null) : null;
  if (json) {
    const code = known ? error.code : 'internal';
    const status = known ? (error.status ?? statusOfCode(error.code)) : 500;
    const problem = {
      type: 'about:blank',
      title: 'The command failed',
      status,
      detail,
      code,
      hint,
      errors: error instanceof ConfigProblemsError ? error.problems : [],
      error: detail,
    };
    io.stderr.write(`${JSON.stringify(problem)}\n`);
    return;
  }
  io.stderr.write(`atoll: ${lines(detail)}\n`);
  if (hint !== null) io.stderr.write(`  hint: ${lines(hint)}\n`);
  if (known && !io.env.DEBUG) return;
  // A surprise: whoever looks into it needs the place.
  for (let cause = describeException(error, true); ; cause = cause.cause) {
    io.stderr.write(`${indent(cause.stack ?? `${cause.type}: ${cause.message}`)}\n`);
    if (!cause.cause) return;
    io.stderr.write(`  caused by ${cause.cause.type}: ${lines(cause.cause.message)}\n`);
  }
}

/** Messages of several lines (lists of problems) keep them; other control characters are made visible. */
function lines(text: string): string {
  return text.split('\n').map(escapeControl).join('\n');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
