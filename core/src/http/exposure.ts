/** What one listener serves, and to whom. */
export type Exposure =
  /** Everything; callers bring a token. */
  | { kind: 'host' }
  /** Everything, as admin and without a token: a socket that only the host's own user can open. */
  | { kind: 'owner' }
  /** `/metrics` and nothing else, without a token. */
  | { kind: 'metrics' }
  /** One plugin's routes at the root. `none` lets everybody call them all. */
  | { kind: 'plugin'; plugin: string; auth: 'token' | 'none' };
