import { AtollError, type RunRecord } from '@atoll/sdk';

type Waiter = PromiseWithResolvers<RunRecord>;

/** Those who wait for the end of runs. */
export class SettledRuns {
  readonly #waiting = new Map<string, Waiter>();

  /** Resolves when the run's end is on disk. */
  wait(run: string): Promise<RunRecord> {
    const waiter = this.#waiting.get(run) ?? Promise.withResolvers<RunRecord>();
    this.#waiting.set(run, waiter);
    return waiter.promise;
  }

  settle(record: RunRecord): void {
    this.#waiting.get(record.id)?.resolve(record);
    this.#waiting.delete(record.id);
  }

  /** Turns away those who wait for a run that is not there. */
  forget(run: string, error: unknown): void {
    this.#waiting.get(run)?.reject(error);
    this.#waiting.delete(run);
  }

  /** Turns away everyone: the host stops. */
  close(): void {
    const error = new AtollError('unavailable', 'the host stopped before the run ended', {
      hint: 'An accepted run is kept: look it up after the next start.',
    });
    for (const waiter of this.#waiting.values()) {
      waiter.promise.catch(() => undefined);
      waiter.reject(error);
    }
    this.#waiting.clear();
  }
}
