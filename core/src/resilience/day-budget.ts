import { AtollError, type Budget, type Clock, type KeyValueStore } from '@atoll/sdk';
import { daysBetween, endOfLocalDay, localDay } from './local-day.js';

/** What was taken, by local day. */
type Ledger = Record<string, number>;

/** Days kept on record, so that a clock that comes back to one of them finds it as it was. */
const daysKept = 14;

/** A clock set back by up to this many days goes on with the day that was under way. */
const daysOfGrace = 2;

export interface DayBudgetState {
  plugin: string;
  name: string;
  limit: number;
  remaining: number;
  /** ISO 8601. */
  renewsAt: string;
}

export interface DayBudgetOptions {
  plugin: string;
  name: string;
  limit: number;
  timezone: string;
  clock: Clock;
  kv: KeyValueStore;
}

/** A limit per local day. What was taken is kept in the plugin's key-value store, written before the call goes out. */
export class DayBudget implements Budget {
  readonly name: string;
  readonly limit: number;
  readonly #options: DayBudgetOptions;
  readonly #key: string;

  constructor(options: DayBudgetOptions) {
    this.name = options.name;
    this.limit = options.limit;
    this.#options = options;
    this.#key = `resilience.budget.${options.name}`;
  }

  async take(amount = 1): Promise<{ refund(): Promise<void> }> {
    if (!Number.isSafeInteger(amount) || amount < 1) {
      throw new AtollError(
        'bad_request',
        `${this.#who} was asked for ${amount}; give a whole number from 1`,
        {
          plugin: this.#options.plugin,
        },
      );
    }
    let day = '';
    await this.#options.kv.update<Ledger>(this.#key, (ledger = {}) => {
      day = this.#day(ledger);
      const used = ledger[day] ?? 0;
      if (used + amount > this.limit) throw this.#exhausted(day, used, amount);
      return latest({ ...ledger, [day]: used + amount });
    });
    let refunded: Promise<unknown> | undefined;
    return {
      refund: async () => {
        refunded ??= this.#giveBack(day, amount);
        try {
          await refunded;
        } catch (error) {
          // Nothing was written, so it may be tried again.
          refunded = undefined;
          throw error;
        }
      },
    };
  }

  async remaining(): Promise<number> {
    const { used } = await this.#read();
    return Math.max(0, this.limit - used);
  }

  async state(): Promise<DayBudgetState> {
    const { day, used } = await this.#read();
    return {
      plugin: this.#options.plugin,
      name: this.name,
      limit: this.limit,
      remaining: Math.max(0, this.limit - used),
      renewsAt: new Date(endOfLocalDay(day, this.#options.timezone)).toISOString(),
    };
  }

  async #read(): Promise<{ day: string; used: number }> {
    const ledger = (await this.#options.kv.get<Ledger>(this.#key)) ?? {};
    const day = this.#day(ledger);
    return { day, used: ledger[day] ?? 0 };
  }

  #giveBack(day: string, amount: number): Promise<unknown> {
    return this.#options.kv.update<Ledger>(this.#key, (ledger = {}) =>
      day in ledger ? { ...ledger, [day]: Math.max(0, (ledger[day] ?? 0) - amount) } : ledger,
    );
  }

  /**
   * The day that counts now. Where the clock was set back a little, that is the later day, already under way, so
   * that nothing is granted twice. A day further ahead was the mistake of a wrong clock: it must not lock the
   * budget until it comes, and what the right day has used is still on record.
   */
  #day(ledger: Ledger): string {
    const { clock, timezone } = this.#options;
    const today = localDay(clock.now(), timezone);
    const last = Object.keys(ledger)
      .filter((day) => day > today && daysBetween(today, day) <= daysOfGrace)
      .sort()
      .at(-1);
    return last ?? today;
  }

  #exhausted(day: string, used: number, amount: number): AtollError {
    const { clock, timezone, plugin } = this.#options;
    const end = endOfLocalDay(day, timezone);
    const wait = Math.ceil((end - clock.now()) / 60_000);
    const missing = amount === 1 ? '' : `, ${amount} more were asked for`;
    return new AtollError(
      'budget_exhausted',
      `${this.#who} has used ${used} of ${this.limit} today${missing}; it renews at ${new Date(end).toISOString()} (in ${Math.floor(wait / 60)} h ${wait % 60} min)`,
      {
        plugin,
        hint:
          amount > this.limit
            ? 'This is more than a whole day has: raise the limit.'
            : 'Wait, or raise the limit.',
        status: 429,
      },
    );
  }

  get #who(): string {
    return `${this.#options.plugin}: the budget "${this.name}"`;
  }
}

function latest(ledger: Ledger): Ledger {
  const days = Object.keys(ledger).sort().slice(-daysKept);
  return Object.fromEntries(days.map((day) => [day, ledger[day] ?? 0]));
}
