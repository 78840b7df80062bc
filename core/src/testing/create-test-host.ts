import { manifestSchema, type PluginDefinition } from '@atoll/sdk';
import type { TestHost, TestHostOptions, TestPlugin, TestRequest, TestResponse } from '@atoll/sdk/testing';
import type { Host } from '../boot/host.js';
import { FakeClock } from '../clock/fake-clock.js';
import { EventCapture } from '../events/event-capture.js';
import { LogCapture } from '../logging/log-capture.js';
import type { DiscoveredPlugin } from '../plugins/discovered-plugin.js';
import { nowhere } from './nowhere.js';

/** Boots the real host with the given plugins; see `@atoll/sdk/testing`. */
export async function createTestHost(options: TestHostOptions): Promise<TestHost> {
  // Loaded when needed: tests with a context alone do without all of the host.
  const { Host } = await import('../boot/host.js');
  const clock = new FakeClock(options.now);
  const events = new EventCapture();
  const logs = new LogCapture();
  const host = await Host.create({
    cwd: options.dataDir ?? nowhere,
    env: { ...options.env, ATOLL_DATA_DIR: options.dataDir ?? nowhere },
    secretsDir: nowhere,
    overrides: {
      timezone: options.timezone ?? 'UTC',
      log: { level: 'debug' },
      plugins: Object.fromEntries(
        Object.entries(options.config ?? {}).map(([id, config]) => [id, { config }]),
      ),
    },
    plugins: options.plugins.map(asDiscovered),
    swapped: new Map(options.services),
    network: options.network ?? [],
    memory: options.dataDir === undefined,
    listen: false,
    clock,
    stdout: { write: () => true },
    onLog: logs.listener,
    onEvent: events.observer,
  });
  // Real time passes while the job engine loads, and the test moves its clock by hand.
  await host.parts.jobs.warmUp();
  await host.start();
  return new HostUnderTest(host, clock, events, logs);
}

class HostUnderTest implements TestHost {
  readonly clock: FakeClock;
  readonly jobs: TestHost['jobs'];
  readonly #host: Host;
  readonly #events: EventCapture;
  readonly #logs: LogCapture;

  constructor(host: Host, clock: FakeClock, events: EventCapture, logs: LogCapture) {
    const { jobs } = host.parts;
    this.clock = clock;
    clock.busy = () => jobs.running();
    this.#host = host;
    this.#events = events;
    this.#logs = logs;
    const start = async (job: string, input?: unknown): Promise<string> =>
      (await jobs.run(job, input, { trigger: 'manual' })).runId;
    this.jobs = {
      start,
      run: async (job, input) => jobs.settled(await start(job, input)),
      settled: (runId) => jobs.settled(runId),
      cancel: async (runId) => void (await jobs.runs.cancel(runId)),
      runs: async (job) => (await jobs.runs.list({ job })).items,
    };
  }

  readonly plugin: TestHost['plugin'] = (id) => {
    const { plugins } = this.#host;
    const view = () => {
      const found = plugins.describe(id);
      if (!found) throw new Error(`the test host has no plugin "${id}"`);
      return found;
    };
    return {
      get state() {
        return view().state;
      },
      get reason() {
        return view().reason;
      },
      enable: () => plugins.enable(id),
      disable: () => plugins.disable(id),
      restart: () => plugins.restart(id),
      footprint: async () => {
        const footprint = (await plugins.detail(id))?.footprint;
        return footprint ? { ...footprint } : null;
      },
    };
  };

  async request(path: string, { method, headers, body, token }: TestRequest = {}): Promise<TestResponse> {
    const answer = await this.#host.request(
      {
        url: path,
        method,
        payload: body as object | string | undefined,
        headers: { ...headers },
        token: token ?? undefined,
      },
      token === undefined ? 'owner' : 'token',
    );
    return {
      status: answer.statusCode,
      headers: flat(answer.headers),
      body: answer.body,
      json: <T>() => answer.json<T>(),
    };
  }

  events(name?: string) {
    return this.#events.captured(name);
  }

  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number | undefined> {
    return this.#host.parts.metrics.value(name, labels);
  }

  logs() {
    return this.#logs.lines.map((line) => ({ ...line }));
  }

  stop(): Promise<void> {
    return this.#host.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#host.stop();
  }
}

function asDiscovered(plugin: TestPlugin | PluginDefinition): DiscoveredPlugin {
  const { definition, manifest = {} } = 'definition' in plugin ? plugin : { definition: plugin };
  return {
    id: definition.id,
    packageName: definition.id,
    version: '0.0.0',
    description: '',
    origin: 'local',
    directory: '',
    manifest: manifestSchema.parse({ apiVersion: 1, entry: './index.js', ...manifest }),
    incompatible: null,
    load: async () => definition,
  };
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
