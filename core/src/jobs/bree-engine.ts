import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import type { Logger } from '@atoll/sdk';
import Bree from 'bree';
import { type CancelMessage, InProcessRunner, type RunnerMessage } from './in-process-runner.js';

/** How one attempt ended, told by its executor. */
export type AttemptEnd = { ok: true; value: unknown } | { ok: false; crashed: boolean; error: unknown };

type Work = (signal: AbortSignal) => unknown;

interface Attempt {
  work: Work;
  end?: AttemptEnd;
  resolve(end: AttemptEnd): void;
}

/**
 * Executes attempts through Bree. Bree knows no runs, only jobs by name with one worker each, so every job has
 * lanes here: the first run takes the first lane, a run beside it the second, and so on. A lane is registered
 * with Bree once, when it is first needed, without a schedule of its own, and used again and again.
 */
export class BreeEngine extends Bree {
  readonly #free = new Map<string, string[]>();
  readonly #attempts = new Map<string, Attempt>();
  /** Lanes of jobs that were forgotten while they worked. */
  readonly #orphans = new Set<string>();
  #lanes = 0;

  constructor(logger: Logger) {
    super({
      // Without these two, init() demands a ./jobs folder and every job runs at start.
      root: false,
      timeout: false,
      // Bree tells of each worker's beginning and end; the run record does so better.
      logger: {
        info: () => undefined,
        warn: (said) => logger.warn(text(said)),
        error: (said) => logger.error(text(said)),
      },
      workerMessageHandler: ({ name, message }) => this.#settle(name, toEnd(message as RunnerMessage)),
      errorHandler: (error, { name }) => this.#settle(name, { ok: false, crashed: true, error }),
    });
    this.on('worker deleted', (lane: string) => this.#release(lane));
  }

  /** Registers a job's first lane. */
  async prepare(job: string): Promise<void> {
    this.#keep(await this.#take(job));
  }

  /** Runs `work` to its end; aborting `signal` asks it to end. Never rejects. */
  async execute(job: string, work: Work, signal: AbortSignal): Promise<AttemptEnd> {
    const lane = await this.#take(job);
    const { promise, resolve } = Promise.withResolvers<AttemptEnd>();
    this.#attempts.set(lane, { work, resolve });
    const cancel = (): void => {
      const message: CancelMessage = { type: 'cancel', reason: signal.reason };
      this.workers.get(lane)?.postMessage(message);
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      await this.run(lane);
      if (signal.aborted) cancel();
    } catch (error) {
      // Bree calls run() from timers of its own without a catch; here a throw is the attempt's end.
      this.#settle(lane, { ok: false, crashed: true, error });
      this.#release(lane);
    }
    return promise.finally(() => signal.removeEventListener('abort', cancel));
  }

  /** Unregisters a job's lanes; one that still works goes when it ends. */
  async forget(job: string): Promise<void> {
    const free = this.#free.get(job) ?? [];
    this.#free.delete(job);
    for (const lane of this.#attempts.keys()) if (jobOf(lane) === job) this.#orphans.add(lane);
    for (const lane of free) await this.remove(lane);
  }

  /** How many lanes are registered, for tests of what remains. */
  get lanes(): number {
    return this.config.jobs.length;
  }

  /**
   * Bree's seam. The file name is never looked at: Bree takes a path with brackets for code to evaluate, so
   * what runs is decided by the lane alone.
   */
  override createWorker = (_file: string, options: { workerData?: { job?: { name?: string } } }): Worker => {
    const attempt = this.#attempts.get(options.workerData?.job?.name ?? '');
    if (!attempt) throw new Error('a job runs through execute() only');
    // Bree uses no more of a Worker than an InProcessRunner has; Worker's type has much more.
    return new InProcessRunner(attempt.work) as unknown as Worker;
  };

  async #take(job: string): Promise<string> {
    const free = this.#free.get(job)?.pop();
    if (free) return free;
    const lane = `${job}#${++this.#lanes}`;
    // Bree wants a file that exists.
    await this.add({ name: lane, path: fileURLToPath(import.meta.url) });
    return lane;
  }

  /** The first word counts: a crash is reported twice, and an exit follows a message. */
  #settle(lane: string, end: AttemptEnd): void {
    const attempt = this.#attempts.get(lane);
    if (attempt) attempt.end ??= end;
  }

  #release(lane: string): void {
    const attempt = this.#attempts.get(lane);
    if (!attempt) return;
    this.#attempts.delete(lane);
    if (this.#orphans.delete(lane)) void this.remove(lane);
    else this.#keep(lane);
    attempt.resolve(
      attempt.end ?? { ok: false, crashed: true, error: new Error('its executor ended without a word') },
    );
  }

  #keep(lane: string): void {
    const job = jobOf(lane);
    const free = this.#free.get(job);
    if (free) free.push(lane);
    else this.#free.set(job, [lane]);
  }
}

function jobOf(lane: string): string {
  return lane.slice(0, lane.lastIndexOf('#'));
}

function toEnd(message: RunnerMessage): AttemptEnd {
  return message.type === 'returned'
    ? { ok: true, value: message.value }
    : { ok: false, crashed: false, error: message.error };
}

function text(said: unknown): string {
  return said instanceof Error ? said.message : String(said);
}
