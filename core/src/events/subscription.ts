import type { EventRecord, Logger } from '@atoll/sdk';
import { currentScope, enterScope, leaveScope } from '../scope/execution-scope.js';

export type Listener = (event: EventRecord) => void | Promise<void>;

export interface SubscriptionOptions {
  event: string;
  /** Whose listener it is; undefined for the host's. */
  plugin: string | undefined;
  listener: Listener;
  logger: Logger;
}

interface Waiting {
  event: EventRecord;
  correlationId: string | undefined;
}

/** Events that may wait for one listener; while they are so many, further ones are lost to it. */
export const maxWaiting = 1_000;

/** One listener with the events that wait for it. It is given one at a time, and its failures stay with it. */
export class Subscription {
  readonly event: string;
  readonly #options: SubscriptionOptions;
  readonly #waiting: Waiting[] = [];
  #delivering: Promise<void> | undefined;
  #ended = false;
  #lost = 0;

  constructor(options: SubscriptionOptions) {
    this.event = options.event;
    this.#options = options;
  }

  /** Resolves when nothing waits any more; undefined when that is so. */
  get delivering(): Promise<void> | undefined {
    return this.#delivering;
  }

  push(event: EventRecord): void {
    if (this.#ended) return;
    if (this.#waiting.length >= maxWaiting) {
      this.#lose();
      return;
    }
    this.#waiting.push({ event, correlationId: currentScope().correlationId });
    this.#delivering ??= leaveScope(() => this.#deliver());
  }

  end(): void {
    this.#ended = true;
    this.#waiting.length = 0;
  }

  async #deliver(): Promise<void> {
    // One turn of the event loop for each: listeners that emit to one another cannot keep it to themselves.
    await nextTurn();
    for (let next = this.#waiting.shift(); next && !this.#ended; next = this.#waiting.shift()) {
      await this.#call(next);
      await nextTurn();
    }
    this.#delivering = undefined;
    if (this.#lost > 0) this.#options.logger.warn(this.#fields(), `a listener missed ${this.#lost} events`);
    this.#lost = 0;
  }

  async #call({ event, correlationId }: Waiting): Promise<void> {
    const { plugin, listener, logger } = this.#options;
    try {
      await enterScope({ plugin, correlationId }, () => listener(event));
    } catch (error) {
      logger.error({ ...this.#fields(), err: error }, `a listener of ${event.name} failed`);
    }
  }

  #lose(): void {
    if (this.#lost++ > 0) return;
    const text = `a listener is too slow: ${maxWaiting} events wait for it, further ones are lost`;
    this.#options.logger.error(this.#fields(), text);
  }

  #fields(): object {
    const { plugin, event } = this.#options;
    return { event, ...(plugin !== undefined && { plugin }) };
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
