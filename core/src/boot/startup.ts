import type { Clock } from '@atoll/sdk';

export type StepOutcome = 'done' | 'failed' | 'skipped';

export interface StartupStep {
  name: string;
  /** The plugin it was for; null for the host's own. */
  plugin: string | null;
  durationMs: number;
  outcome: StepOutcome;
}

/** How the start went. Times are ISO 8601 UTC. */
export interface StartupReport {
  complete: boolean;
  startedAt: string;
  /** Until now, or until the start was complete. */
  durationMs: number;
  steps: StartupStep[];
}

/** Writes down what the start spends its time on. */
export class Startup {
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #began: number;
  readonly #steps: StartupStep[] = [];
  #completedAfterMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#began = clock.monotonic();
  }

  /** Runs one step of the host itself. */
  async step<T>(name: string, run: () => Promise<T> | T): Promise<T> {
    const began = this.#clock.monotonic();
    try {
      const result = await run();
      this.add({ name, plugin: null, durationMs: this.#clock.monotonic() - began, outcome: 'done' });
      return result;
    } catch (error) {
      this.add({ name, plugin: null, durationMs: this.#clock.monotonic() - began, outcome: 'failed' });
      throw error;
    }
  }

  add(step: StartupStep): void {
    if (this.#completedAfterMs === undefined)
      this.#steps.push({ ...step, durationMs: round(step.durationMs) });
  }

  complete(): void {
    this.#completedAfterMs ??= this.#clock.monotonic() - this.#began;
  }

  report(): StartupReport {
    return {
      complete: this.#completedAfterMs !== undefined,
      startedAt: new Date(this.#startedAt).toISOString(),
      durationMs: round(this.#completedAfterMs ?? this.#clock.monotonic() - this.#began),
      steps: [...this.#steps],
    };
  }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
