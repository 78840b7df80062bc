import type { Clock, Disposer } from '@atoll/sdk';

/** Real time. Its timers do not keep the process alive. */
export class SystemClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  setTimeout(fn: () => void, delayMs: number): Disposer {
    // Node's timers hold at most 2^31-1 ms; a longer wait is made of several.
    const longest = 0x7fffffff;
    let rest = delayMs;
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const step = Math.min(rest, longest);
      rest -= step;
      timer = globalThis.setTimeout(() => (rest > 0 ? arm() : fn()), step).unref();
    };
    arm();
    return () => clearTimeout(timer);
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delayMs, signal);
  }
}

/** `Clock.sleep` in terms of `Clock.setTimeout`. */
export function sleepOn(
  clock: Pick<Clock, 'setTimeout'>,
  delayMs: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
