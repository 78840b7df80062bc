import { AtollError } from '@atoll/sdk';

/** The error of a call that an open circuit does not let pass. */
export function circuitOpenError(
  plugin: string,
  policy: string,
  circuit: { failures: number; waitMs: number; lastFailure: unknown },
  now: number,
): AtollError {
  const { failures, waitMs, lastFailure } = circuit;
  const next =
    waitMs > 0
      ? `the next try is at ${new Date(now + waitMs).toISOString()} (in ${Math.ceil(waitMs / 1000)} s)`
      : 'one call is trying at this moment';
  const why = lastFailure instanceof Error ? `; the last one: ${lastFailure.message}` : '';
  return new AtollError(
    'circuit_open',
    `${plugin}: calls to "${policy}" are suspended after ${failures} failures in a row, ${next}${why}`,
    {
      plugin,
      hint: 'It recovers by itself once the other side answers; a reset of the circuit tries at once.',
    },
  );
}

/** The error of a call that finds all slots and the whole queue taken. */
export function bulkheadFullError(
  plugin: string,
  policy: string,
  { running, queued }: { running: number; queued: number },
): AtollError {
  return new AtollError(
    'bulkhead_full',
    `${plugin}: "${policy}" has ${running} calls under way and ${queued} waiting, no more fit`,
    { plugin, hint: 'Start fewer calls at once, or raise the limits of its bulkhead.' },
  );
}
