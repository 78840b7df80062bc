import type { CircuitState } from '@atoll/sdk';

/** A policy as `/api/v1/resilience` shows it. Times are ISO 8601 UTC. */
export interface PolicyState {
  plugin: string;
  name: string;
  circuit: CircuitState;
  /** Failures in a row. */
  failures: number;
  openedAt: string | null;
  /** When the next call may probe an open circuit; in the past when the next one that comes will. */
  nextProbeAt: string | null;
  /** Null where the policy has none. */
  bulkhead: { running: number; queued: number } | null;
  cache: { entries: number; hits: number; misses: number; coalesced: number; evictions: number } | null;
  /** Calls that went past the cache; `retried` counts the further attempts. */
  calls: { succeeded: number; failed: number; retried: number };
  lastError: { code: string | null; message: string; at: string } | null;
}
