import {
  AtollError,
  type Clock,
  type Disposer,
  type Health,
  type HealthCheckOptions,
  type HealthStatus,
  type Logger,
  type Metrics,
} from '@atoll/sdk';
import { leaveScope } from '../scope/execution-scope.js';
import { type CheckFunction, type CheckState, HealthCheck } from './health-check.js';
import { type CheckReport, combineStatus, type HealthReport } from './health-report.js';

/** A plugin's health as the host holds it. */
export interface PluginHealth extends Health {
  /** Names of the checks registered, without the plugin's, sorted. */
  names(): string[];
  /** Removes the plugin's checks. */
  dispose(): void;
}

export interface HealthServiceOptions {
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Takes secrets out of messages, which the API and the log show. */
  redact: (text: string) => string;
}

/** Told when what a plugin's checks say together changes; `message` is of its worst check. */
export type PluginHealthListener = (plugin: string, status: HealthStatus, message: string | null) => void;

const backgroundMs = 60_000;
const namePattern = /^[A-Za-z0-9][\w.-]*$/;
const gaugeValues: Readonly<Record<HealthStatus, number>> = { healthy: 1, degraded: 0.5, unhealthy: 0 };
const badness: Readonly<Record<HealthStatus, number>> = { healthy: 0, degraded: 1, unhealthy: 2 };

/**
 * The checks of the host and of all plugins. A check runs when somebody asks and its last result is too old, and
 * once a minute so that trouble is logged when nobody asks.
 */
export class HealthService {
  readonly #options: HealthServiceOptions;
  readonly #checks = new Map<string, HealthCheck>();
  readonly #listeners = new Set<PluginHealthListener>();
  readonly #told = new Map<string, HealthStatus>();
  #stopBackground: Disposer | undefined;

  /** The host's own checks. */
  readonly host: Health;

  constructor(options: HealthServiceOptions) {
    this.#options = options;
    this.host = { check: (name, check, checkOptions) => this.#register(null, name, check, checkOptions) };
    options.metrics.gauge<'check'>({
      name: 'atoll_health_status',
      help: 'What each health check last said: 1 healthy, 0.5 degraded, 0 unhealthy.',
      labels: ['check'],
      collect: (gauge) => {
        for (const { name, state } of this.#checks.values()) {
          if (state) gauge.set(gaugeValues[state.status], { check: name });
        }
      },
    });
  }

  forPlugin(id: string): PluginHealth {
    const own = new Map<string, Disposer>();
    return {
      check: (name, check, options) => {
        const remove = this.#register(id, name, check, options);
        own.set(name, remove);
        return () => {
          if (own.get(name) === remove) own.delete(name);
          return remove();
        };
      },
      names: () => [...own.keys()].sort(),
      dispose: () => {
        for (const remove of own.values()) void remove();
        own.clear();
        this.#told.delete(id);
      },
    };
  }

  /** Checks what needs checking and tells the state of everything. Takes as long as the slowest check may. */
  async report(): Promise<HealthReport> {
    const checks = [...this.#checks.values()];
    await Promise.all(checks.map((check) => check.refresh()));
    const reports = checks
      .filter((check) => this.#checks.get(check.name) === check && check.state)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((check): [string, CheckReport] => [check.name, reportOf(check, check.state as CheckState)]);
    return { status: combineStatus(this.#known(checks)), checks: Object.fromEntries(reports) };
  }

  onPluginChange(listener: PluginHealthListener): Disposer {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Begins to check once a minute. */
  start(): void {
    this.#stopBackground ??= leaveScope(() => this.#armBackground());
  }

  /** Ends background checks and aborts those under way. */
  stop(): void {
    void this.#stopBackground?.();
    this.#stopBackground = undefined;
    for (const check of this.#checks.values()) check.dispose();
  }

  #armBackground(): Disposer {
    return this.#options.clock.setTimeout(async () => {
      await this.report();
      if (this.#stopBackground) this.#stopBackground = this.#armBackground();
    }, backgroundMs);
  }

  #register(
    plugin: string | null,
    name: string,
    check: CheckFunction,
    options: HealthCheckOptions = {},
  ): Disposer {
    const fullName = plugin === null ? name : `${plugin}/${name}`;
    const owner = plugin ?? undefined;
    if (!namePattern.test(name)) {
      throw new AtollError('bad_request', `"${name}" cannot be the name of a health check`, {
        plugin: owner,
        hint: 'Use letters, digits, ".", "_" and "-".',
      });
    }
    if (this.#checks.has(fullName)) {
      throw new AtollError('conflict', `the health check "${fullName}" is registered already`, {
        plugin: owner,
        hint: 'Give each check a name of its own.',
      });
    }
    const registered = new HealthCheck({
      name: fullName,
      plugin,
      check,
      redact: this.#options.redact,
      options,
      clock: this.#options.clock,
      onChange: (changed, state, before) => this.#onChange(changed, state, before),
    });
    this.#checks.set(fullName, registered);
    return () => {
      registered.dispose();
      if (this.#checks.get(fullName) !== registered) return;
      this.#checks.delete(fullName);
      if (plugin !== null) this.#tell(plugin);
    };
  }

  #onChange(
    { name, plugin }: HealthCheck,
    { status, message }: CheckState,
    before: HealthStatus | null,
  ): void {
    if (before !== null || status !== 'healthy') {
      const fields = { check: name, status, ...(plugin !== null && { plugin }) };
      const text = `${name} is ${status}${message === null ? '' : `: ${message}`}`;
      if (status === 'healthy') this.#options.logger.info(fields, text);
      else this.#options.logger.warn(fields, text);
    }
    if (plugin !== null) this.#tell(plugin);
  }

  /** Tells the listeners how the plugin is now, when that is not what they know. */
  #tell(plugin: string): void {
    const own = [...this.#checks.values()].filter((check) => check.plugin === plugin);
    const status = combineStatus(this.#known(own));
    if (status === (this.#told.get(plugin) ?? 'healthy')) return;
    this.#told.set(plugin, status);
    const worst = own
      .flatMap(({ state }) => state ?? [])
      .sort((a, b) => badness[b.status] - badness[a.status])
      .at(0);
    for (const listener of this.#listeners) listener(plugin, status, worst?.message ?? null);
  }

  *#known(checks: Iterable<HealthCheck>): Iterable<{ status: HealthStatus; critical: boolean }> {
    for (const { state, critical } of checks) if (state) yield { status: state.status, critical };
  }
}

function reportOf({ plugin }: HealthCheck, { status, message, since }: CheckState): CheckReport {
  return { status, message, since: new Date(since).toISOString(), plugin };
}
