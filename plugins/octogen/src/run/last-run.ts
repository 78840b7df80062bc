import type { KeyValueStore } from '@atoll/sdk';

/** What is remembered of the last run that was not dry. Times are milliseconds since the epoch. */
export interface LastRun {
  startedAt: number;
  finishedAt: number;
  outcome: 'succeeded' | 'failed';
  /** Of a failed run. */
  message: string | null;
}

const KEY = 'last-run';

/** Remembers the last run over restarts. */
export class LastRunStore {
  readonly #kv: KeyValueStore;

  constructor(kv: KeyValueStore) {
    this.#kv = kv;
  }

  async read(): Promise<LastRun | null> {
    return (await this.#kv.get<LastRun>(KEY)) ?? null;
  }

  async write(run: LastRun): Promise<void> {
    await this.#kv.set(KEY, run);
  }
}
