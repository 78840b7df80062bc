import type { Clock, Disposer, Logger, RunRecord } from '@atoll/sdk';
import type { JobEvent } from './job-events.js';
import { RunLog, type RunLogLine } from './run-log.js';
import { type RunRow, toRunRecord } from './run-record.js';
import type { RunStore } from './run-store.js';

/** Progress is shown at most this often, and stored at most as often as the second says. */
const showEveryMs = 100;
const storeProgressMs = 250;
const storeLogMs = 5000;

interface ReportOptions {
  row: RunRow;
  clock: Clock;
  store: RunStore;
  logger: Logger;
  redact(text: string): string;
  emit(event: JobEvent): void;
}

/** The live side of a run under way: its record, progress and log, stored now and then until it is closed. */
export class RunReport {
  /** The run as it stands; what is stored lags behind. */
  readonly row: RunRow;
  readonly log: RunLog;
  readonly #options: ReportOptions;
  #cancelStore: Disposer | undefined;
  #storeAt = Number.POSITIVE_INFINITY;
  #shownAt = Number.NEGATIVE_INFINITY;
  #unshown = false;
  #unsavedProgress = false;
  #unsavedLog = false;
  #closed = false;

  constructor(options: ReportOptions) {
    this.#options = options;
    this.row = options.row;
    this.log = new RunLog(options.redact);
  }

  get record(): RunRecord {
    return toRunRecord(this.row);
  }

  /** Takes a value from 0 to 1; what lies outside is clamped, what is no number leaves the value as it was. */
  progress(value: number, phase: string | undefined, message: string | undefined): void {
    if (this.#closed) return;
    const { redact, clock } = this.#options;
    if (!Number.isNaN(value)) this.row.progress_value = Math.min(1, Math.max(0, value));
    this.row.progress_phase = phase === undefined ? null : redact(clip(phase));
    this.row.progress_message = message === undefined ? null : redact(clip(message));
    this.#unsavedProgress = true;
    this.#unshown = true;
    if (clock.monotonic() - this.#shownAt >= showEveryMs) this.#show();
    this.#storeIn(storeProgressMs);
  }

  /** Keeps a line of the log. */
  line(level: string, message: string, fields: object): void {
    if (this.#closed) return;
    const line: RunLogLine = this.log.add(this.#options.clock.now(), level, message, fields);
    this.#unsavedLog = true;
    this.#options.emit({ type: 'log', run: this.record, line });
    this.#storeIn(storeLogMs);
  }

  /** Nothing of the run is taken or stored any more. */
  close(): void {
    this.#closed = true;
    void this.#cancelStore?.();
  }

  #show(): void {
    this.#unshown = false;
    this.#shownAt = this.#options.clock.monotonic();
    this.#options.emit({ type: 'progress', run: this.record });
  }

  #storeIn(delayMs: number): void {
    const at = this.#options.clock.monotonic() + delayMs;
    if (at >= this.#storeAt) return;
    void this.#cancelStore?.();
    this.#storeAt = at;
    this.#cancelStore = this.#options.clock.setTimeout(() => this.#store(), delayMs);
  }

  #store(): void {
    this.#storeAt = Number.POSITIVE_INFINITY;
    if (this.#unshown) this.#show();
    const { store, logger } = this.#options;
    const { id } = this.row;
    const writes: Promise<void>[] = [];
    if (this.#unsavedProgress) writes.push(store.saveProgress(this.row));
    if (this.#unsavedLog) writes.push(store.saveLog(id, this.log.toString()));
    this.#unsavedProgress = false;
    this.#unsavedLog = false;
    Promise.all(writes).catch((error: unknown) =>
      logger.warn({ err: error, run: id }, 'progress and log of a run could not be stored'),
    );
  }
}

function clip(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}
