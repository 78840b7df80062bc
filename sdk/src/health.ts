import type { Disposer } from './disposer.js';

export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

export interface HealthResult {
  status: HealthStatus;
  message?: string;
}

export interface HealthCheckOptions {
  /** Milliseconds that a result is good for. Default 30 000. */
  intervalMs?: number;
  /** An unhealthy critical check makes the whole host unhealthy; any other makes it degraded. */
  critical?: boolean;
  /** Default 10 000; a check that takes longer is unhealthy. */
  timeoutMs?: number;
}

export interface Health {
  /** Registers a check; a throw means unhealthy with the error's message. */
  check(
    name: string,
    check: (signal: AbortSignal) => Promise<HealthResult> | HealthResult,
    options?: HealthCheckOptions,
  ): Disposer;
}
