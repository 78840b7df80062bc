import { AtollError } from '@atoll/sdk';

/** One call under way: its signal aborts, with a `cancelled` error as reason, when any of its causes does. */
export interface LiveCall {
  readonly signal: AbortSignal;
  /** Has to be called when the call has ended. */
  end(): void;
}

/** The calls of one plugin that are under way, so that its stop can end them all. */
export class LiveCalls {
  readonly #plugin: string;
  readonly #live = new Set<(reason: unknown) => void>();
  readonly #detach: () => void;
  #closed: { reason: unknown } | undefined;

  /** @param signal aborts when the plugin stops */
  constructor(plugin: string, signal: AbortSignal) {
    this.#plugin = plugin;
    const close = (): void => this.close(signal.reason);
    signal.addEventListener('abort', close, { once: true });
    this.#detach = () => signal.removeEventListener('abort', close);
    if (signal.aborted) close();
  }

  get count(): number {
    return this.#live.size;
  }

  /** Registers a call of the policy `name`; `outer` is the caller's signal. */
  begin(name: string, outer: AbortSignal | undefined): LiveCall {
    const own = new AbortController();
    const cancel = (reason: unknown): void => own.abort(this.cancelled(name, reason));
    if (this.#closed) cancel(this.#closed.reason);
    else if (outer?.aborted) cancel(outer.reason);
    if (own.signal.aborted) return { signal: own.signal, end: () => {} };

    const outerAborts = (): void => cancel(outer?.reason);
    outer?.addEventListener('abort', outerAborts, { once: true });
    this.#live.add(cancel);
    return {
      signal: own.signal,
      end: () => {
        this.#live.delete(cancel);
        outer?.removeEventListener('abort', outerAborts);
      },
    };
  }

  /** Cancels every call under way and each that is still to come. */
  close(reason: unknown): void {
    if (this.#closed) return;
    this.#closed = { reason };
    this.#detach();
    for (const cancel of [...this.#live]) cancel(reason);
  }

  cancelled(name: string, reason: unknown): AtollError {
    return new AtollError('cancelled', `${this.#plugin}: the call to "${name}" was cancelled`, {
      plugin: this.#plugin,
      cause: reason,
    });
  }
}
