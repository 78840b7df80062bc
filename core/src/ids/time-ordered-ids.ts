import { randomFillSync } from 'node:crypto';

/**
 * Makes ids: UUIDs of version 7 (RFC 9562) that sort in the order they were made, also when the clock is
 * set back and, given the last id that is on record, across restarts.
 */
export class TimeOrderedIds {
  #ms = 0;
  #sequence = 0;
  readonly #random = Buffer.alloc(8);

  /** Ids made from now on sort after `id`. */
  continueAfter(id: string): void {
    const ms = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
    if (!(ms >= this.#ms)) return;
    this.#ms = ms;
    this.#sequence = Number.parseInt(id.slice(15, 18), 16);
  }

  next(now: number): string {
    if (now > this.#ms) {
      this.#ms = now;
      this.#sequence = 0;
    } else if (this.#sequence < 0xfff) {
      this.#sequence++;
    } else {
      this.#ms++;
      this.#sequence = 0;
    }
    randomFillSync(this.#random);
    this.#random[0] = (this.#random[0]! & 0x3f) | 0x80;
    const time = this.#ms.toString(16).padStart(12, '0');
    const sequence = this.#sequence.toString(16).padStart(3, '0');
    const random = this.#random.toString('hex');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${random.slice(0, 4)}-${random.slice(4)}`;
  }
}

/** The smallest id that can have been made at `ms` or later, for bounds in queries. */
export function earliestId(ms: number): string {
  const time = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`;
}
