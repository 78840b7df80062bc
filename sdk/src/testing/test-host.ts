import type { ConfigSchema } from '../config.js';
import type { EventRecord } from '../events.js';
import type { RunRecord } from '../jobs.js';
import type { Manifest } from '../manifest.js';
import type { PluginDefinition } from '../plugin.js';
import type { Token } from '../token.js';
import type { TestClock } from './test-clock.js';

/** A plugin under test, with what its manifest would say. */
export interface TestPlugin {
  // Each definition has a config of its own, which a list cannot name.
  definition: PluginDefinition<ConfigSchema>;
  manifest?: Partial<Pick<Manifest, 'uses' | 'provides' | 'capabilities'>>;
}

export interface TestHostOptions {
  plugins: readonly (TestPlugin | PluginDefinition<ConfigSchema>)[];
  /** The `config` of each plugin, by id. */
  config?: Readonly<Record<string, unknown>>;
  /** Environment variables; none of the process's own are seen. */
  env?: Readonly<Record<string, string>>;
  /** Replaces members of the context, or services of other plugins. */
  services?: readonly (readonly [Token<unknown>, unknown])[];
  /** When the test begins. Default 2026-01-05T12:00:00Z, a Monday. */
  now?: Date | number;
  /** IANA zone. Default UTC. */
  timezone?: string;
  /** `host:port` of servers that plugins may talk to; everything else is refused. Default none. */
  network?: readonly string[];
  /** Keeps data in this folder instead of in memory, to restart on it. */
  dataDir?: string;
}

export interface TestResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  json<T = unknown>(): T;
}

export interface TestRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  body?: unknown;
  /** A token instead of the administrator's; null for none. */
  token?: string | null;
}

/** The real host in memory, with a clock that the test drives and no way out to the network. */
export interface TestHost extends AsyncDisposable {
  readonly clock: TestClock;
  /** A request through the front door, signed in as administrator unless `token` says otherwise. */
  request(path: string, request?: TestRequest): Promise<TestResponse>;
  readonly jobs: {
    /** Runs a job, `<plugin>/<name>`, to its end. */
    run(job: string, input?: unknown): Promise<RunRecord>;
    /** Accepts a run and returns its id without waiting. */
    start(job: string, input?: unknown): Promise<string>;
    settled(runId: string): Promise<RunRecord>;
    cancel(runId: string): Promise<void>;
    /** Runs of a job, newest first. */
    runs(job: string): Promise<RunRecord[]>;
  };
  readonly plugin: (id: string) => {
    readonly state: string;
    readonly reason: string | null;
    enable(): Promise<void>;
    disable(): Promise<void>;
    restart(): Promise<void>;
    /** What it has registered, by kind; null while it does not run. */
    footprint(): Promise<Readonly<Record<string, readonly string[]>> | null>;
  };
  /** Events emitted so far, oldest first. */
  events(name?: string): EventRecord[];
  /** The value of one series of a plugin, or undefined. */
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number | undefined>;
  /** Log lines so far, parsed. */
  logs(): Readonly<Record<string, unknown>>[];
  stop(): Promise<void>;
}
