import { AtollError, type RunRecord } from '@atoll/sdk';
import type { JobHost } from './job-host.js';
import { parseRunLog, type RunLogLine } from './run-log.js';
import type { RunFilter, RunPage } from './run-store.js';

/** The runs of all jobs, past and present. A run under way is shown as it stands now. */
export class Runs {
  readonly #host: JobHost;

  constructor(host: JobHost) {
    this.#host = host;
  }

  /** Runs, latest first. Throws `bad_request` for a limit out of range. */
  async list(filter: RunFilter = {}): Promise<RunPage> {
    const { items, nextCursor } = await this.#host.store.list(filter);
    return { items: items.map((run) => this.#live(run)), nextCursor };
  }

  /** Throws `run_unknown`. */
  async get(id: string): Promise<RunRecord> {
    const run = await this.#host.store.get(id);
    if (!run) throw unknown(id);
    return this.#live(run);
  }

  /** The last lines of the run's log. Throws `run_unknown`. */
  async logs(id: string): Promise<RunLogLine[]> {
    const active = this.#host.active.get(id);
    if (active) return parseRunLog(active.log);
    await this.get(id);
    return this.#host.store.log(id);
  }

  /**
   * Ends a run: a queued one at once, one under way by its signal and, after its grace, without it.
   * Returns the run as it stands then. Throws `run_unknown`, and `conflict` for a run that has finished.
   */
  async cancel(id: string): Promise<RunRecord> {
    const { active, store, clock, runners, metrics, emit, settled, retention } = this.#host;
    const reason = { code: 'cancelled', message: 'the run was cancelled', hint: null };
    if (active.get(id)?.execution.end('cancelled', reason)) return this.get(id);
    if (!active.get(id) && (await store.finishQueued(id, 'cancelled', clock.now()))) {
      const run = await this.get(id);
      runners.get(run.job)?.drop(id);
      metrics.finished(run.job, 'cancelled', null);
      emit({ type: 'finished', run });
      settled.settle(run);
      retention.count(run.job);
      return run;
    }
    const run = await this.get(id);
    throw new AtollError('conflict', `run ${id} of ${run.job} has ended already`, {
      hint: 'Only a queued or running run can be cancelled.',
    });
  }

  #live(run: RunRecord): RunRecord {
    return (run.state === 'running' && this.#host.active.get(run.id)?.record) || run;
  }
}

function unknown(id: string): AtollError {
  return new AtollError('run_unknown', `there is no run ${id}`, {
    status: 404,
    hint: 'GET /api/v1/runs lists them; old runs are removed after a while.',
  });
}
