import type { Counter, Gauge, Histogram, Metrics, RunOutcome } from '@atoll/sdk';

/** The host's series about runs. */
export class JobMetrics {
  readonly #runs: Counter<'job' | 'outcome'>;
  readonly #running: Gauge<'job'>;
  readonly #duration: Histogram<'job'>;
  readonly #lateness: Histogram;

  constructor(metrics: Metrics) {
    this.#runs = metrics.counter({
      name: 'atoll_job_runs_total',
      help: 'Runs that ended, by outcome',
      labels: ['job', 'outcome'],
    });
    this.#running = metrics.gauge({
      name: 'atoll_job_running',
      help: 'Runs under way, those that were given up but still work included',
      labels: ['job'],
    });
    this.#duration = metrics.histogram({
      name: 'atoll_job_duration_seconds',
      help: 'Time from the start of a run to its verdict',
      labels: ['job'],
      buckets: [0.01, 0.1, 1, 10, 60, 300, 900, 3600, 14_400],
    });
    this.#lateness = metrics.histogram({
      name: 'atoll_job_lateness_seconds',
      help: 'Time from a firing to the start of its run',
      buckets: [0.01, 0.1, 1, 5, 30, 60, 300, 3600],
    });
  }

  began(job: string, lateMs: number | null): void {
    this.#running.inc({ job });
    if (lateMs !== null) this.#lateness.observe(Math.max(0, lateMs) / 1000);
  }

  /** The job's code has ended, which an abandoned run does after its verdict. */
  left(job: string): void {
    this.#running.dec({ job });
  }

  /** A run has its verdict; `durationMs` is null for one that never began. */
  finished(job: string, outcome: RunOutcome, durationMs: number | null): void {
    this.#runs.inc({ job, outcome });
    if (durationMs !== null) this.#duration.observe(durationMs / 1000, { job });
  }
}
