import type { Clock } from '@atoll/sdk';
import type { PluginTransition } from '../plugins/managed-plugin.js';
import { isServing } from '../plugins/plugin-state.js';
import type { Startup } from './startup.js';

/** Turns the plugins' transitions into steps of the start: how long each took to come to rest. */
export class PluginStartSteps {
  readonly #clock: Clock;
  readonly #startup: Startup;
  readonly #began = new Map<string, number>();

  constructor(clock: Clock, startup: Startup) {
    this.#clock = clock;
    this.#startup = startup;
  }

  note({ plugin, from, state }: PluginTransition): void {
    if (state === 'starting') {
      this.#began.set(plugin, this.#clock.monotonic());
      return;
    }
    const began = this.#began.get(plugin);
    this.#began.delete(plugin);
    if (from !== 'starting' && from !== 'discovered') return;
    const durationMs = began === undefined ? 0 : this.#clock.monotonic() - began;
    const outcome = isServing(state) ? 'done' : began === undefined ? 'skipped' : 'failed';
    this.#startup.add({ name: 'start', plugin, durationMs, outcome });
  }
}
