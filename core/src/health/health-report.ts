import type { HealthStatus } from '@atoll/sdk';

/** One check as the API shows it. */
export interface CheckReport {
  status: HealthStatus;
  message: string | null;
  /** When it took on this status, ISO 8601 UTC. */
  since: string;
  /** The plugin whose check it is; null for the host's own. */
  plugin: string | null;
}

/** The answer of `GET /api/v1/health`. A plugin's check is named `<plugin>/<check>`. */
export interface HealthReport {
  status: HealthStatus;
  checks: Record<string, CheckReport>;
}

/** Together they are as bad as a critical one; one that is not critical makes them degraded at most. */
export function combineStatus(checks: Iterable<{ status: HealthStatus; critical: boolean }>): HealthStatus {
  let combined: HealthStatus = 'healthy';
  for (const { status, critical } of checks) {
    if (status === 'unhealthy' && critical) return 'unhealthy';
    if (status !== 'healthy') combined = 'degraded';
  }
  return combined;
}
