import type { Firings } from './schedule.js';

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** Firings every `everyMs` milliseconds, counted from the anchor. */
export class IntervalFirings implements Firings {
  readonly everyMs: number;
  readonly text: string;
  readonly words: string;
  readonly timezone = null;

  constructor(everyMs: number) {
    if (!Number.isSafeInteger(everyMs) || everyMs < 1000)
      throw new RangeError(`an interval of ${everyMs} ms is not a whole number of at least 1000`);
    this.everyMs = everyMs;
    this.text = `every ${everyMs} ms`;
    this.words = intervalWords(everyMs);
  }

  next(after: number, anchor: number): number {
    const passed = Math.floor((after - anchor) / this.everyMs);
    return anchor + (passed + 1) * this.everyMs;
  }
}

function intervalWords(everyMs: number): string {
  const [name, size] = units.find(([, ms]) => everyMs % ms === 0) ?? ['ms', 1];
  const count = everyMs / size;
  if (name === 'ms') return `every ${count} ms`;
  return count === 1 ? `every ${name}` : `every ${count} ${name}s`;
}
