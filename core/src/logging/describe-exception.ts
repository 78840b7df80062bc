import { isAtollError } from '@atoll/sdk';
import type { LoggedException } from './log-line.js';

const maxCauses = 5;
const maxErrors = 10;

/**
 * An error as a log line carries it.
 * @param verbose adds the stack of errors that are no surprise too: AtollErrors say what happened and the cure.
 */
export function describeException(error: unknown, verbose = false, depth = 0): LoggedException {
  if (!(error instanceof Error)) {
    // Anything can be thrown, and errors of another realm are not instances of ours.
    const { name, message, code } = Object(error) as { name?: unknown; message?: unknown; code?: unknown };
    return {
      type: typeof name === 'string' && typeof error === 'object' ? name : typeof error,
      message: typeof message === 'string' ? message : safeText(error),
      ...(typeof code === 'string' && { code }),
    };
  }
  const code = (error as { code?: unknown }).code;
  const expected = isAtollError(error) && error.code !== 'internal';
  const stack = expected && !verbose ? undefined : frames(error);
  const deeper = depth < maxCauses;
  return {
    type: error.name || error.constructor.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    ...(isAtollError(error) && error.hint !== undefined && { hint: error.hint }),
    ...(stack && { stack }),
    ...(deeper && error.cause !== undefined && { cause: describeException(error.cause, verbose, depth + 1) }),
    ...(deeper &&
      error instanceof AggregateError && {
        errors: error.errors.slice(0, maxErrors).map((part) => describeException(part, verbose, depth + 1)),
      }),
  };
}

/** The frames alone: the message stands in its own field, and may hold what looks like frames. */
function frames(error: Error): string | undefined {
  if (typeof error.stack !== 'string') return undefined;
  const header = error.stack.indexOf(error.message) + error.message.length;
  return error.stack
    .slice(header)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .join('\n');
}

function safeText(value: unknown): string {
  try {
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  } catch {
    return 'unprintable';
  }
}
