import type { EventRecord } from '@atoll/sdk';

const maxEvents = 10_000;

/** Keeps the last events for tests to look at; `observer` is what `EventBus.observe` takes. */
export class EventCapture {
  readonly #events: EventRecord[] = [];

  readonly observer = (event: EventRecord): void => {
    this.#events.push(event);
    if (this.#events.length > maxEvents) this.#events.shift();
  };

  /** The events of one name, or all. */
  captured(name?: string): EventRecord[] {
    return this.#events.filter((event) => name === undefined || event.name === name);
  }

  clear(): void {
    this.#events.length = 0;
  }
}
