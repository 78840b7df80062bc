import { Cron } from 'croner';
import { cronWords } from './cron-words.js';
import type { Firings } from './schedule.js';

/**
 * Firings of a cron expression with five fields, read in an IANA zone.
 *
 * On the days when the clocks change, an expression that names its hours and minutes fires once for each of
 * them: right after the gap when its time is skipped, the first time when its time comes twice. One with `*`
 * or a step in those fields follows the clock instead: nothing in the gap, and both passes of a repeated hour.
 */
export class CronFirings implements Firings {
  readonly text: string;
  readonly words: string;
  readonly timezone: string;
  readonly #cron: Cron;

  constructor(expression: string, timezone: string) {
    try {
      new Intl.DateTimeFormat('en', { timeZone: timezone });
    } catch (error) {
      throw new RangeError(`"${timezone}" is not a known time zone`, { cause: error });
    }
    this.text = expression.trim().replace(/\s+/g, ' ');
    this.timezone = timezone;
    try {
      this.#cron = new Cron(this.text, {
        timezone,
        mode: '5-part',
        fixedTimeRule: 'no-wildcard',
        paused: true,
      });
    } catch (error) {
      const reason = (error as Error).message.replace(/^CronPattern: /, '');
      throw new RangeError(`"${expression}" is not a cron expression: ${reason}`, { cause: error });
    }
    if (this.next(Date.UTC(2000, 0, 1)) === null)
      throw new RangeError(`"${expression}" names a date that never comes`);
    this.words = cronWords(this.text);
  }

  next(after: number): number | null {
    return this.#cron.nextRun(new Date(after))?.getTime() ?? null;
  }
}
