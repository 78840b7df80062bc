import type { Disposer } from '@atoll/sdk';

interface Effect {
  label: string;
  dispose: Disposer;
}

/** An effect that could not be undone. */
export interface EffectLeftover {
  label: string;
  error: unknown;
}

/** Everything to undo when a plugin stops, last registered first, each within a deadline of its own. */
export class EffectStack {
  readonly #effects = new Set<Effect>();

  /** Adds an effect; the returned disposer undoes it early and only once. */
  add(label: string, dispose: Disposer): Disposer {
    const effect = { label, dispose };
    this.#effects.add(effect);
    return () => (this.#effects.delete(effect) ? dispose() : undefined);
  }

  /** The labels of what is still registered, in order of registration. */
  labels(): string[] {
    return [...this.#effects].map((effect) => effect.label);
  }

  /** Undoes everything. A disposer that throws or takes longer than `deadlineMs` is reported and left behind. */
  async unwind(deadlineMs: number): Promise<EffectLeftover[]> {
    const leftovers: EffectLeftover[] = [];
    for (const effect of [...this.#effects].reverse()) {
      if (!this.#effects.delete(effect)) continue;
      try {
        await within(deadlineMs, `"${effect.label}" was not undone`, async () => effect.dispose());
      } catch (error) {
        leftovers.push({ label: effect.label, error });
      }
    }
    return leftovers;
  }
}

/**
 * Runs `task`; rejects with `<what> within <n> ms` when it takes longer, or with the signal's reason when that aborts
 * first. Uses real time: a stop must end whatever the clock says. The timer keeps the process alive: with nothing
 * else left to do, it would end in the middle of a stop.
 */
export async function within<T>(
  deadlineMs: number,
  what: string,
  task: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    abort = () => reject(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    timer = setTimeout(() => reject(new Error(`${what} within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([task(), late]);
  } finally {
    clearTimeout(timer);
    if (abort) signal?.removeEventListener('abort', abort);
  }
}
