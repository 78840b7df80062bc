import type { Clock, PolicyCall } from '@atoll/sdk';

export interface AttemptOptions {
  clock: Clock;
  /** Aborts when the whole call is cancelled; its reason is what the attempt rejects with. */
  signal: AbortSignal;
  /** 1 for the first. */
  attempt: number;
  timeoutMs: number | false;
  timedOut: (timeoutMs: number) => Error;
}

/**
 * Runs one attempt with a signal of its own. On timeout and on cancel it rejects at once, even where the call does
 * not listen to the signal. cockatiel's timeout cannot be used: it is bound to the process's own timers.
 */
export function runAttempt<T>(
  call: (context: PolicyCall) => Promise<T>,
  { clock, signal, attempt, timeoutMs, timedOut }: AttemptOptions,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const own = new AbortController();
    const stop = (reason: unknown): void => {
      release();
      reject(reason);
      own.abort(reason);
    };
    const cancel = (): void => stop(signal.reason);
    const disarm =
      timeoutMs === false ? undefined : clock.setTimeout(() => stop(timedOut(timeoutMs)), timeoutMs);
    const release = (): void => {
      void disarm?.();
      signal.removeEventListener('abort', cancel);
    };
    signal.addEventListener('abort', cancel, { once: true });
    // A rejection after the stop is caught here too, so that it is not reported as unhandled.
    const run = async (): Promise<T> => call({ signal: own.signal, attempt });
    run().then(
      (value) => {
        release();
        resolve(value);
      },
      (error: unknown) => {
        release();
        reject(error);
      },
    );
  });
}
