import { AtollError, type RunRecord, type RunTrigger, z } from '@atoll/sdk';
import { ActiveRun } from './active-run.js';
import type { JobDefinition } from './job-definition.js';
import type { JobHost } from './job-host.js';
import { parseInput } from './job-input.js';
import { encodeInput } from './job-json.js';
import { JobSchedule } from './job-schedule.js';
import { admit, isFiring, queueLimit } from './overlap.js';
import { type RunRow, toRunRecord } from './run-record.js';
import type { WaitingRun } from './run-store.js';

const retryStartMs = 5000;

const blankRow = {
  state: 'queued',
  outcome: null,
  crashes: 0,
  started_at: null,
  finished_at: null,
  attempts: 0,
  progress_value: 0,
  progress_phase: null,
  progress_message: null,
  result: null,
  error_code: null,
  error_message: null,
  error_hint: null,
} as const;

/** A request for a run. */
interface RunRequest {
  trigger: RunTrigger;
  input?: unknown;
  /** The firing it serves, milliseconds since the epoch. */
  scheduledFor?: number;
}

/** One defined job: accepts its runs, keeps them in order, and conducts them while it is armed. */
export class JobRunner {
  readonly job: JobDefinition;
  readonly schedule: JobSchedule;
  readonly #host: JobHost;
  readonly #fires: boolean;
  readonly #running = new Map<ActiveRun, Promise<void>>();
  #waiting: WaitingRun[] = [];
  /** Accepted runs on their way to the disk. */
  #accepting = 0;
  #inputSchema: Record<string, unknown> | undefined;
  #arming = false;
  #armed = false;

  /** `fires` false: only runs that are asked for from now on. */
  constructor(host: JobHost, job: JobDefinition, fires: boolean) {
    this.#host = host;
    this.#fires = fires;
    this.job = job;
    this.schedule = new JobSchedule(host, job, async (trigger, scheduledFor) => {
      await this.accept({ trigger, scheduledFor });
    });
  }

  /**
   * Runs under way, those that ignore their end included, and those of an earlier definition of the job whose
   * plugin was restarted.
   */
  get running(): number {
    return this.#host.active.running(this.job.id) + this.#host.active.abandoned(this.job.id);
  }

  get waiting(): number {
    return this.#waiting.length + this.#accepting;
  }

  /**
   * Accepts a run; resolves when it is on disk, with undefined for a firing that has one already.
   * Throws `bad_request`, `payload_too_large`, `job_refused`, `unavailable`.
   */
  async accept(request: RunRequest): Promise<{ runId: string } | undefined> {
    const { ids, clock, store } = this.#host;
    this.#host.assertAccepting();
    const input = encodeInput(this.job.id, request.input);
    await parseInput(this.job.id, this.job.input, JSON.parse(input));

    const admission = admit(this.job.overlap, request.trigger, {
      running: this.running,
      waiting: this.waiting,
      firingsWaiting: this.#waiting.filter(({ trigger }) => isFiring(trigger)).length,
      armed: this.#armed,
    });
    if (admission === 'refuse') throw this.#refusal();
    const now = clock.now();
    const row: RunRow = { ...blankRow, ...this.#rowOf(request, input), id: ids.next(now), queued_at: now };
    if (admission === 'skip') {
      Object.assign(row, { state: 'finished', outcome: 'skipped_overlap', finished_at: now });
      if (!(await store.insert(row))) return undefined;
      this.#host.metrics.finished(row.job, 'skipped_overlap', null);
      this.#announce(toRunRecord(row));
    } else if (admission === 'start') {
      Object.assign(row, { state: 'running', started_at: now, attempts: 1 });
      if (!(await this.#begin(row))) return undefined;
    } else if (!(await this.#wait(row))) return undefined;
    return { runId: row.id };
  }

  /** Takes up the queued runs and the schedule. */
  async arm(): Promise<void> {
    this.#arming = true;
    await this.#host.prepare(this.job.id);
    const queued = this.#fires ? await this.#host.store.queued(this.job.id) : [];
    // Disarmed meanwhile.
    if (!this.#arming) return;
    this.#armed = true;
    for (const run of queued) this.enqueue(run);
    await this.schedule.arm(this.#fires);
  }

  /** Fires no more, starts no more, and ends what runs; resolves when that is on disk. Queued runs are kept. */
  async disarm(reason: string): Promise<void> {
    this.#arming = false;
    this.#armed = false;
    this.schedule.disarm();
    this.#waiting = [];
    for (const run of this.#running.keys())
      run.execution.end('interrupted', { code: 'cancelled', message: reason, hint: null });
    await Promise.all(this.#running.values());
  }

  /** JSON Schema (draft 2020-12) of the input. */
  get inputSchema(): Record<string, unknown> {
    this.#inputSchema ??= z.toJSONSchema(this.job.input, { io: 'input', unrepresentable: 'any' });
    return { ...this.#inputSchema };
  }

  /** Adds a queued run that is on disk; one that is known already is left where it is. */
  enqueue(run: WaitingRun): void {
    if (!this.#armed || this.#waiting.some(({ id }) => id === run.id) || this.#host.active.get(run.id))
      return;
    this.#waiting.push(run);
    this.#pump();
  }

  /** Forgets a queued run that was cancelled. */
  drop(run: string): void {
    this.#waiting = this.#waiting.filter(({ id }) => id !== run);
  }

  /** Takes the place, stores the run as running, and conducts it: one write less than by way of the queue. */
  async #begin(row: RunRow): Promise<boolean> {
    const run = new ActiveRun(this.#host, this.job, row.id);
    const stored = this.#host.store.insert(row);
    this.#track(
      run,
      stored.then(
        (inserted) => inserted && this.#host.leave(() => run.conduct(row)),
        // Who asked for the run hears of it.
        () => false,
      ),
    );
    return stored;
  }

  async #wait(row: RunRow): Promise<boolean> {
    this.#accepting++;
    try {
      if (!(await this.#host.store.insert(row))) return false;
    } finally {
      this.#accepting--;
    }
    this.#host.emit({ type: 'queued', run: toRunRecord(row) });
    this.enqueue(row);
    return true;
  }

  #pump(): void {
    while (this.#armed && this.#hasRoom()) {
      const next = this.#waiting.shift();
      if (!next) return;
      const run = new ActiveRun(this.#host, this.job, next.id);
      this.#track(
        run,
        this.#host.leave(() => this.#startQueued(run)),
      );
    }
  }

  #hasRoom(): boolean {
    return this.job.overlap === 'allow' ? this.running < queueLimit : this.running === 0;
  }

  /** True when the run is on disk with its end. */
  async #startQueued(run: ActiveRun): Promise<boolean> {
    const { store, clock, logger } = this.#host;
    while (!run.execution.signal.aborted) {
      try {
        const row = await store.start(run.id, clock.now());
        return row !== undefined && (await run.conduct(row));
      } catch (error) {
        logger.error(
          { err: error, job: this.job.id, run: run.id },
          `a run of ${this.job.id} could not be started; trying again`,
        );
        await clock.sleep(retryStartMs, run.execution.signal).catch(() => undefined);
      }
    }
    return false;
  }

  #track(run: ActiveRun, conducted: Promise<boolean>): void {
    this.#host.active.add(run);
    this.#running.set(
      run,
      conducted
        .catch((error: unknown) => {
          this.#host.logger.error({ err: error, job: this.job.id, run: run.id }, 'a run was lost');
          return false;
        })
        .then((stored) => this.#release(run, stored)),
    );
  }

  #release(run: ActiveRun, stored: boolean): void {
    const { active, logger, runners } = this.#host;
    const { id } = this.job;
    const pump = (): void => {
      // The plugin may have been restarted meanwhile: the place belongs to the present definition of the job.
      const present = runners.get(id);
      if (present) present.#pump();
    };
    active.delete(run);
    this.#running.delete(run);
    if (run.execution.working) {
      logger.warn(
        { job: id, run: run.id },
        `${id} ignores that its run was ended; it keeps its place until it stops. A job has to watch its signal.`,
      );
      void active.abandon(id, run.execution.ended).then(pump);
    }
    // Told last, so that who hears of the end finds the place free.
    if (stored && run.record) this.#announce(run.record);
    pump();
  }

  #announce(run: RunRecord): void {
    const { emit, settled, retention } = this.#host;
    emit({ type: 'finished', run });
    settled.settle(run);
    retention.count(run.job);
  }

  #rowOf({ trigger, scheduledFor }: RunRequest, input: string) {
    return {
      job: this.job.id,
      trigger,
      input,
      scheduled_for: scheduledFor ?? null,
      idempotency_key: scheduledFor === undefined ? null : `firing:${scheduledFor}`,
      correlation_id: this.#host.correlationId() ?? null,
      retry_on_interrupt: this.job.onInterrupt === 'retry' ? 1 : 0,
    };
  }

  #refusal(): AtollError {
    const { id, plugin, overlap } = this.job;
    const refuse = (message: string, hint: string): AtollError =>
      new AtollError('job_refused', message, { plugin, hint, status: 409 });
    if (overlap === 'skip')
      return refuse(
        `${id} is already ${this.running > 0 ? 'running' : 'queued'}, and its runs do not overlap`,
        'Wait for the run to end, or cancel it.',
      );
    return refuse(
      `${id} has ${queueLimit} runs ${overlap === 'allow' ? 'under way or waiting' : 'waiting'} already`,
      'Try again when some of them have ended.',
    );
  }
}
