import { isAtollError, type RunRecord } from '@atoll/sdk';

export type RunError = NonNullable<RunRecord['error']>;

const longest = 2000;

/** What a run's record keeps of whatever its job threw: never a stack. */
export function toRunError(thrown: unknown): RunError {
  if (isAtollError(thrown))
    return { code: thrown.code, message: clip(thrown.message), hint: thrown.hint ?? null };
  return { code: 'job_failed', message: clip(messageOf(thrown)), hint: null };
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  try {
    return typeof thrown === 'string' && thrown !== '' ? thrown : `the job threw ${JSON.stringify(thrown)}`;
  } catch {
    return 'the job threw a value that cannot be shown';
  }
}

function clip(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
