import type { Clock, ConnectionResult, Logger, PluginDefinition, RunRecord } from '@atoll/sdk';
import type { TokenStore } from '../auth/token-store.js';
import type { StartupReport } from '../boot/startup.js';
import type { HealthReport } from '../health/health-report.js';
import type { FrontDoor } from '../http/front-door.js';
import type { HttpMetrics } from '../http/http-metrics.js';
import type { JobSummary } from '../jobs/job-summary.js';
import type { RunLogLine } from '../jobs/run-log.js';
import type { RunFilter, RunPage } from '../jobs/run-store.js';
import type { PluginDetail, PluginView } from '../plugins/plugin-manager.js';
import type { DayBudgetState } from '../resilience/day-budget.js';
import type { PolicyState } from '../resilience/policy-state.js';

/** What the admin API needs of the plugins. All methods with an id throw `not_found` for an unknown one. */
interface AdminPlugins {
  list(): PluginView[];
  detail(id: string): Promise<PluginDetail | undefined>;
  enable(id: string): Promise<void>;
  disable(id: string): Promise<void>;
  restart(id: string): Promise<void>;
  check(id: string): Promise<ConnectionResult[]>;
}

/** What it needs of the jobs; see JobService for the errors. */
interface AdminJobs {
  list(): Promise<JobSummary[]>;
  get(id: string): Promise<JobSummary>;
  run(id: string, input: unknown, options: { trigger: 'api' | 'cli' }): Promise<{ runId: string }>;
  pause(id: string): Promise<void>;
  resume(id: string): Promise<void>;
  readonly runs: {
    list(filter: RunFilter): Promise<RunPage>;
    get(id: string): Promise<RunRecord>;
    cancel(id: string): Promise<RunRecord>;
    logs(id: string): Promise<RunLogLine[]>;
  };
}

/** Everything that the admin API speaks to. */
export interface AdminHost {
  readonly clock: Clock;
  readonly logging: { readonly logger: Logger; redact(text: string): string };
  readonly tokens: TokenStore;
  readonly frontDoor: FrontDoor;
  readonly httpMetrics: HttpMetrics;
  readonly metrics: { exposition(): Promise<string>; readonly contentType: string };
  readonly health: { report(): Promise<HealthReport> };
  readonly resilience: {
    state(): PolicyState[];
    budgets(): Promise<DayBudgetState[]>;
    reset(plugin: string, policy: string): void;
  };
  readonly jobs: AdminJobs;
  readonly plugins: AdminPlugins;
  readonly catalog: {
    /** Of the plugins whose code was loaded, by id. */
    readonly definitions: ReadonlyMap<string, PluginDefinition>;
    readonly config: {
      readonly host: {
        readonly metrics: { readonly enabled: boolean };
        readonly http: { readonly publicUrl: string | null; readonly trustedProxies: readonly string[] };
      };
    };
  };
  startup(): StartupReport;
  /** Whether the admin API serves and every plugin has come to rest. */
  ready(): boolean;
}
