import {
  AtollError,
  type Clock,
  type Disposer,
  type EventRecord,
  type Events,
  type Logger,
} from '@atoll/sdk';
import { TimeOrderedIds } from '../ids/time-ordered-ids.js';
import { deepFreeze } from './deep-freeze.js';
import { type Listener, Subscription } from './subscription.js';

/** A plugin's events as the host holds them. */
export interface PluginEvents extends Events {
  /** Names of the events it listens to, sorted. */
  subscriptions(): string[];
  /** Ends its subscriptions; events that still wait for them are not delivered. */
  dispose(): void;
}

/** The `source` and name space of the host's own events. */
const hostSource = 'atoll';

/**
 * Hands typed events from whoever emits them to whoever listens. Emitting never waits: each listener gets its
 * events one after the other, in the order they were emitted, in the scope of its plugin.
 */
export class EventBus {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #ids = new TimeOrderedIds();
  readonly #subscriptions = new Map<string, Set<Subscription>>();
  readonly #observers = new Set<(event: EventRecord) => void>();
  readonly #host: PluginEvents;

  constructor({ clock, logger }: { clock: Clock; logger: Logger }) {
    this.#clock = clock;
    this.#logger = logger;
    this.#host = this.#open(undefined);
  }

  /** The host's own events, named `atoll.…`. */
  get host(): Events {
    return this.#host;
  }

  forPlugin(id: string): PluginEvents {
    return this.#open(id);
  }

  /** Shows every event to `observer` at the moment it is emitted; for streams and tests. It must not throw. */
  observe(observer: (event: EventRecord) => void): Disposer {
    this.#observers.add(observer);
    return () => void this.#observers.delete(observer);
  }

  /** Resolves when every event emitted so far, and what listeners emitted meanwhile, is delivered. */
  async settled(): Promise<void> {
    let busy: Promise<void>[];
    do {
      busy = [...this.#subscriptions.values()].flatMap((listeners) =>
        [...listeners].flatMap((subscription) => subscription.delivering ?? []),
      );
      await Promise.all(busy);
    } while (busy.length > 0);
  }

  /** Ends all subscriptions. */
  dispose(): void {
    for (const listeners of this.#subscriptions.values())
      for (const subscription of listeners) subscription.end();
    this.#subscriptions.clear();
    this.#observers.clear();
  }

  #open(plugin: string | undefined): PluginEvents {
    const own = new Set<Subscription>();
    const end = (subscription: Subscription): void => {
      subscription.end();
      own.delete(subscription);
      const listeners = this.#subscriptions.get(subscription.event);
      listeners?.delete(subscription);
      if (listeners?.size === 0) this.#subscriptions.delete(subscription.event);
    };
    return {
      emit: (type, payload) => this.#emit(plugin, type.name, parsePayload(plugin, type, payload)),
      on: (type, listener) => {
        const subscription = new Subscription({
          event: type.name,
          plugin,
          // The bus joins both ends by name; the payload was made by the schema of that name.
          listener: listener as Listener,
          logger: this.#logger,
        });
        own.add(subscription);
        const listeners = this.#subscriptions.get(type.name) ?? new Set();
        this.#subscriptions.set(type.name, listeners.add(subscription));
        return () => end(subscription);
      },
      subscriptions: () => [...new Set([...own].map(({ event }) => event))].sort(),
      dispose: () => {
        for (const subscription of [...own]) end(subscription);
      },
    };
  }

  #emit(plugin: string | undefined, name: string, payload: unknown): void {
    const source = plugin ?? hostSource;
    if (!name.startsWith(`${source}.`)) {
      throw new AtollError('bad_request', `the event "${name}" is not one that ${source} may emit`, {
        plugin,
        hint: `Name it "${source}.<subject>.<what happened>".`,
      });
    }
    const subscriptions = this.#subscriptions.get(name);
    if (!subscriptions && this.#observers.size === 0) return;
    const at = this.#clock.now();
    const event: EventRecord = Object.freeze({
      id: this.#ids.next(at),
      name,
      source,
      at,
      payload: copyOf(plugin, name, payload),
    });
    for (const observer of this.#observers) observer(event);
    for (const subscription of subscriptions ?? []) subscription.push(event);
  }
}

/** The payload as the schema gives it. */
function parsePayload(
  plugin: string | undefined,
  type: Parameters<Events['emit']>[0],
  payload: unknown,
): unknown {
  const parsed = type.schema.safeParse(payload);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'payload'}: ${message}`,
    );
    throw new AtollError(
      'bad_request',
      `the event "${type.name}" has a wrong payload: ${problems.join('; ')}`,
      {
        plugin,
        hint: 'Emit what the schema of defineEvent describes.',
      },
    );
  }
  return parsed.data;
}

/** A payload copied and frozen: what one listener changes no other may see. */
function copyOf(plugin: string | undefined, name: string, payload: unknown): unknown {
  try {
    return deepFreeze(structuredClone(payload));
  } catch (cause) {
    throw new AtollError('bad_request', `the event "${name}" carries what cannot be copied`, {
      plugin,
      hint: 'Events carry plain data: no functions, streams or promises.',
      cause,
    });
  }
}
