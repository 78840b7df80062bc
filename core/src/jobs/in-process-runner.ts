import { EventEmitter } from 'node:events';

/** What a job's executor tells the engine, over whichever channel it has. */
export type RunnerMessage = { type: 'returned'; value: unknown } | { type: 'threw'; error: unknown };

/** What the engine tells the executor. */
export interface CancelMessage {
  type: 'cancel';
  reason: unknown;
}

/**
 * Runs work on the host's own thread behind the surface of a Worker that Bree drives: `online`, `message`,
 * `exit`, `postMessage`, `terminate`. Other than a worker it cannot be killed: it ends when its work ends.
 */
export class InProcessRunner extends EventEmitter {
  readonly threadId = 0;
  readonly resourceLimits = {};
  readonly #abort = new AbortController();
  readonly #exit = Promise.withResolvers<number>();

  constructor(work: (signal: AbortSignal) => unknown) {
    super();
    // Bree adds its listeners after construction, and who asked for the run hears of it before it begins.
    setImmediate(() => void this.#run(work));
  }

  postMessage(message: CancelMessage): void {
    if (message.type === 'cancel') this.#abort.abort(message.reason);
  }

  /** Asks the work to end; resolves with the exit code when it has. */
  terminate(): Promise<number> {
    this.#abort.abort();
    return this.#exit.promise;
  }

  async #run(work: (signal: AbortSignal) => unknown): Promise<void> {
    this.emit('online');
    let message: RunnerMessage;
    try {
      message = { type: 'returned', value: await work(this.#abort.signal) };
    } catch (error) {
      message = { type: 'threw', error };
    }
    this.emit('message', message);
    this.emit('exit', 0);
    this.#exit.resolve(0);
  }
}
