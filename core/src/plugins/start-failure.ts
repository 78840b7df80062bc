import { type ConfigError, isAtollError, type NotReadyError } from '@atoll/sdk';
import type { PluginState } from './plugin-state.js';

/** What a failed start means for the plugin. */
export interface StartFailure {
  state: Extract<PluginState, 'retrying' | 'auth_required' | 'invalid_config' | 'incompatible' | 'failed'>;
  /** One sentence for people, with the cure where there is one. */
  reason: string;
  /** When to try again, for `retrying`. */
  retryAfterMs?: number;
}

const firstRetryMs = 1_000;
const longestRetryMs = 5 * 60_000;

/** Reads what `setup` threw. `attempt` counts the starts in a row, from 1; `random` is 0 to 1, for jitter. */
export function startFailure(error: unknown, attempt: number, random: number): StartFailure {
  const reason = describe(error);
  if (isAtollError(error, 'not_ready')) {
    const backoff = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempt - 1)) * (0.8 + 0.4 * random);
    const { retryAfterMs } = error as NotReadyError;
    return { state: 'retrying', reason, retryAfterMs: retryAfterMs ?? Math.round(backoff) };
  }
  if (isAtollError(error, 'auth_required')) return { state: 'auth_required', reason };
  if (isAtollError(error, 'config_invalid')) {
    const { path } = error as ConfigError;
    return { state: 'invalid_config', reason: `${path}: ${reason}` };
  }
  return { state: isAtollError(error, 'plugin_incompatible') ? 'incompatible' : 'failed', reason };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isAtollError(error) && error.hint ? `${error.message}. ${error.hint}` : error.message;
}
