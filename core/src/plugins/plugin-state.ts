/** Where a plugin is in its life; see docs/explanation/lifecycle.md. */
export type PluginState =
  | 'discovered'
  | 'incompatible'
  | 'invalid_config'
  | 'disabled'
  | 'starting'
  | 'running'
  | 'degraded'
  | 'retrying'
  | 'auth_required'
  | 'failed'
  | 'stopping'
  | 'stopped';

/** States that need no running code: a plugin may rest in any of them, or leave them to start. */
const atRest: readonly PluginState[] = ['incompatible', 'invalid_config', 'disabled', 'failed', 'stopped'];

const next: Record<PluginState, readonly PluginState[]> = {
  discovered: [...atRest, 'starting'],
  incompatible: [...atRest, 'starting'],
  invalid_config: [...atRest, 'starting'],
  disabled: [...atRest, 'starting'],
  failed: [...atRest, 'starting'],
  stopped: [...atRest, 'starting'],
  starting: [...atRest, 'running', 'retrying', 'auth_required'],
  retrying: [...atRest, 'starting'],
  auth_required: [...atRest, 'starting'],
  running: ['degraded', 'stopping'],
  degraded: ['running', 'stopping'],
  stopping: ['stopped', 'disabled', 'starting'],
};

/** Whether a plugin may go from one state to the other. */
export function canTransition(from: PluginState, to: PluginState): boolean {
  return next[from].includes(to);
}

/** Whether the plugin has come to rest: it serves, or it says why it does not. */
export function isSettled(state: PluginState): boolean {
  return state !== 'discovered' && state !== 'starting' && state !== 'stopping';
}

/** Whether its routes answer and its jobs run. */
export function isServing(state: PluginState): boolean {
  return state === 'running' || state === 'degraded';
}
