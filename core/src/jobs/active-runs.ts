import type { ActiveRun } from './active-run.js';

/** The runs under way, and those whose code still works after their verdict. */
export class ActiveRuns {
  readonly #runs = new Map<string, ActiveRun>();
  readonly #running = new Map<string, number>();
  readonly #abandoned = new Map<string, number>();
  /** Runs whose end could not be stored so far. */
  readonly unsaved = new Set<string>();

  get(run: string): ActiveRun | undefined {
    return this.#runs.get(run);
  }

  all(): ActiveRun[] {
    return [...this.#runs.values()];
  }

  add(run: ActiveRun): void {
    this.#runs.set(run.id, run);
    count(this.#running, run.job, 1);
  }

  delete(run: ActiveRun): void {
    if (this.#runs.delete(run.id)) count(this.#running, run.job, -1);
  }

  /** Counts a run of `job` whose code ignores its abort; it keeps its place until `ended`. */
  async abandon(job: string, ended: Promise<void>): Promise<void> {
    count(this.#abandoned, job, 1);
    await ended;
    count(this.#abandoned, job, -1);
  }

  /** How many runs of `job` are under way, those that ignore their abort not included. */
  running(job: string): number {
    return this.#running.get(job) ?? 0;
  }

  abandoned(job: string): number {
    return this.#abandoned.get(job) ?? 0;
  }

  /** The jobs with abandoned runs. */
  abandonedJobs(): string[] {
    return [...this.#abandoned.keys()];
  }
}

function count(counts: Map<string, number>, job: string, by: number): void {
  const next = (counts.get(job) ?? 0) + by;
  if (next > 0) counts.set(job, next);
  else counts.delete(job);
}
