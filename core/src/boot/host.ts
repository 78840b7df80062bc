import { join } from 'node:path';
import { createHostMount } from '../admin/host-mount.js';
import { SystemClock } from '../clock/system-clock.js';
import type { InjectedResponse, InjectOptions } from '../http/inject.js';
import type { Listener } from '../http/listener.js';
import type { PluginTransition } from '../plugins/managed-plugin.js';
import { PluginManager } from '../plugins/plugin-manager.js';
import { Catalog } from './catalog.js';
import { ConfigProblemsError } from './config-problems-error.js';
import { pluginStateChanged } from './host-events.js';
import type { HostOptions } from './host-options.js';
import { type HostParts, openParts } from './host-parts.js';
import { openPluginServices } from './open-plugin-services.js';
import { PluginStartSteps } from './plugin-start-steps.js';
import { reportStart } from './report-start.js';
import { Startup } from './startup.js';

/** How long each leftover may take to be undone, in milliseconds. */
const closeMs = 10_000;

/** A host: its parts, joined, and the order in which they start and stop. */
export class Host implements AsyncDisposable {
  readonly parts: HostParts;
  readonly plugins: PluginManager;
  readonly #startup: Startup;
  readonly #steps: PluginStartSteps;
  #listeners: Listener[] = [];
  #serving = false;
  #firstToken: string | null = null;
  #opening: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  private constructor(parts: HostParts, startup: Startup) {
    const { catalog, clock, logging } = parts;
    this.parts = parts;
    this.#startup = startup;
    this.#steps = new PluginStartSteps(clock, startup);
    this.plugins = new PluginManager({
      plugins: catalog.plugins,
      name: (id) => catalog.name(id),
      settings: (id) => catalog.settings(id),
      refresh: async (id) => {
        const settings = await catalog.refresh(id);
        logging.addSecrets(catalog.config.secrets.values);
        return settings;
      },
      services: openPluginServices(parts),
      clock,
      logger: logging.logger,
      redact: logging.redact,
      onTransition: (transition) => this.#onTransition(transition),
    });
    parts.effects.add(
      'plugin health',
      parts.health.onPluginChange((plugin, status, message) =>
        this.plugins.reportHealth(plugin, status, message),
      ),
    );
  }

  /**
   * Reads the configuration and opens everything; nothing is served yet.
   *
   * @throws ConfigProblemsError when the host's own configuration is wrong; AtollError `storage_owned`,
   *   `storage_unwritable`, `storage_newer`, `migration_failed`, … when the data folder cannot be used
   */
  static async create(options: HostOptions): Promise<Host> {
    const clock = options.clock ?? new SystemClock();
    const startup = new Startup(clock);
    const catalog = await startup.step('read the configuration', () => Catalog.open(options));
    const { problems } = catalog.config;
    if (problems.some(({ plugin }) => plugin === null)) throw new ConfigProblemsError(problems, options.cwd);
    let host: Host | undefined;
    const parts = await openParts(options, {
      clock,
      catalog,
      startup,
      describe: (id) => host?.plugins.describe(id) ?? null,
    });
    host = new Host(parts, startup);
    return host;
  }

  /**
   * Listens, then starts the plugins; resolves when each has come to rest, or was given up because the host stops.
   * Plugins that cannot start stop nothing.
   *
   * @throws AtollError `listen_failed`, and `config_invalid` for an admin token that cannot be used; the host is
   *   stopped then
   */
  async start(): Promise<void> {
    const { health, catalog, logging } = this.parts;
    this.#opening = this.#open();
    try {
      await this.#opening;
    } catch (error) {
      await this.stop();
      throw error;
    }
    await this.plugins.startAll();
    if (this.#stopping) return;
    health.start();
    this.#serving = true;
    this.#startup.complete();
    reportStart(logging.logger, {
      catalog,
      urls: this.urls,
      plugins: this.plugins.list(),
      durationMs: this.#startup.report().durationMs,
    });
  }

  /** The addresses it answers at over TCP, the main one first. */
  get urls(): string[] {
    return this.#listeners.filter(({ port }) => port !== 0).map(({ url }) => url);
  }

  /** The admin token that the very first start made, to be shown once; null otherwise. */
  get firstToken(): string | null {
    return this.#firstToken;
  }

  /** A request without a port; `owner` makes it as the data folder's owner, without a token. */
  request(options: InjectOptions, caller: 'token' | 'owner' = 'token'): Promise<InjectedResponse> {
    return this.parts.frontDoor.inject(options, caller === 'owner' ? { kind: 'owner' } : { kind: 'host' });
  }

  /** Ends requests and runs under way within the configured time, stops the plugins, and closes everything. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #open(): Promise<void> {
    const { jobs, tokens, catalog, options } = this.parts;
    await this.#startup.step('serve the admin API', () => this.#mountHost());
    if (options.listen ?? true) {
      this.#firstToken = await tokens.ensureAdmin(catalog.config.host.adminToken ?? undefined);
      await this.#startup.step('listen', () => this.#listen());
    } else this.#holdProcess();
    await this.#startup.step('take up runs', () => jobs.start());
  }

  async #stop(): Promise<void> {
    this.#serving = false;
    // What is half open cannot be closed. Whoever started the host hears why it failed to open.
    await this.#opening?.catch(() => undefined);
    const { frontDoor, jobs, catalog, effects, logging } = this.parts;
    const { shutdownMs } = catalog.config.host.http;
    await Promise.all([frontDoor.close(shutdownMs), jobs.stop(shutdownMs)]);
    await this.plugins.stopAll();
    logging.logger.info('stopped');
    await effects.unwind(closeMs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #mountHost(): Promise<void> {
    const { parts, plugins } = this;
    const mount = await createHostMount({
      ...parts,
      plugins,
      startup: () => this.#startup.report(),
      ready: () => this.#serving && plugins.ready(),
    });
    parts.effects.add('admin API', () => mount.close());
    parts.effects.add('admin mount', parts.frontDoor.mountHost(mount));
  }

  async #listen(): Promise<void> {
    const { frontDoor, catalog } = this.parts;
    const { http, metrics } = catalog.config.host;
    this.#listeners = [await frontDoor.listen({ host: http.host, port: http.port })];
    if (metrics.enabled && metrics.port !== null) {
      this.#listeners.push(
        await frontDoor.listen({ host: http.host, port: metrics.port }, { kind: 'metrics' }),
      );
    }
    await frontDoor.listen({ socketPath: join(catalog.config.dataDir, 'atoll.sock') }, { kind: 'owner' });
  }

  /** Timers of the clock let the process end; without a port, nothing else would hold it while a run waits. */
  #holdProcess(): void {
    const timer = setInterval(() => {}, 0x7fffffff);
    this.parts.effects.add('hold on the process', () => clearInterval(timer));
  }

  #onTransition(transition: PluginTransition): void {
    const { plugin, from, state, reason } = transition;
    this.#steps.note(transition);
    this.parts.events.host.emit(pluginStateChanged, { plugin, from, state, reason });
    this.parts.logging.logger.debug({ plugin, from, state, reason }, `${plugin} is ${state}`);
  }
}

/** Creates a host and starts it. */
export async function startHost(options: HostOptions): Promise<Host> {
  const host = await Host.create(options);
  await host.start();
  return host;
}
