import type { PluginDefinition, Schedule } from '@atoll/sdk';
import { findConfig } from '../config/config-file.js';
import type { ConfigurablePlugin } from '../config/config-model.js';
import type { ConfigProblem } from '../config/config-problem.js';
import { type LoadConfigOptions, loadConfig } from '../config/load-config.js';
import type { LoadedConfig } from '../config/loaded-config.js';
import { type Discovery, discoverPlugins } from '../plugins/discover-plugins.js';
import type { DiscoveredPlugin } from '../plugins/discovered-plugin.js';
import type { PluginSettings } from '../plugins/managed-plugin.js';

export interface CatalogOptions
  extends Pick<LoadConfigOptions, 'cwd' | 'env' | 'file' | 'dataDir' | 'overrides' | 'secretsDir'> {
  /** Folders of single plugins, absolute. */
  pluginPaths?: readonly string[];
  /** Ids of the plugins to know, with those they use; all others are left out. */
  only?: readonly string[];
  /** The plugins themselves, instead of looking for them. */
  plugins?: readonly DiscoveredPlugin[];
  /** Loads disabled plugins too, so that everything can be described. */
  everything?: boolean;
}

/** Which plugins there are and what the configuration says of them and of the host. */
export class Catalog {
  readonly plugins: readonly DiscoveredPlugin[];
  readonly problems: Discovery['problems'];
  readonly #options: CatalogOptions;
  /** Ids that are there but left out by `only`: the config file may name them. */
  readonly #leftOut: readonly string[];
  readonly #definitions = new Map<string, PluginDefinition>();
  /** Plugins that were disabled when the catalog was opened. */
  readonly #disabled = new Set<string>();
  #config: LoadedConfig;

  private constructor(options: CatalogOptions, discovery: Discovery, config: LoadedConfig) {
    this.#options = options;
    this.plugins = options.only ? withProviders(discovery.plugins, options.only) : discovery.plugins;
    this.#leftOut = discovery.plugins.filter((plugin) => !this.plugins.includes(plugin)).map(({ id }) => id);
    this.problems = discovery.problems;
    this.#config = config;
  }

  /** Finds the plugins and reads the configuration. Code of disabled and incompatible plugins does not run. */
  static async open(options: CatalogOptions): Promise<Catalog> {
    const { dataDir } = findConfig(options);
    const discovery = options.plugins
      ? { plugins: [...options.plugins], problems: [] }
      : await discoverPlugins({ dataDir, paths: options.pluginPaths });
    const plain = discovery.plugins.map(({ id, directory }) => ({
      id,
      name: id,
      schema: null,
      source: directory,
    }));
    const catalog = new Catalog(options, discovery, await loadConfig({ ...options, plugins: plain }));
    await Promise.all(
      catalog.plugins.filter((plugin) => catalog.#wanted(plugin)).map((plugin) => catalog.#load(plugin)),
    );
    await catalog.reload();
    return catalog;
  }

  get config(): LoadedConfig {
    return this.#config;
  }

  /** The loaded definitions, by id. */
  get definitions(): ReadonlyMap<string, PluginDefinition> {
    return this.#definitions;
  }

  /** The loaded plugins, as the configuration sees them. */
  configurable(): ConfigurablePlugin[] {
    return this.plugins.flatMap(({ id, directory }) => {
      const definition = this.#definitions.get(id);
      return definition
        ? [{ id, name: definition.name, schema: definition.config ?? null, source: directory }]
        : [];
    });
  }

  /** Names people read, by id. */
  name(id: string): string {
    return this.#definitions.get(id)?.name ?? id;
  }

  /** Reads the configuration again. */
  async reload(): Promise<void> {
    const plugins = this.configurable();
    const known = new Set(plugins.map(({ id }) => id));
    this.#config = await loadConfig({
      ...this.#options,
      plugins,
      uncheckedPlugins: [
        ...this.plugins.map(({ id }) => id).filter((id) => !known.has(id)),
        ...this.#leftOut,
      ],
    });
  }

  /** What the configuration of this moment says of a plugin; loads the plugin if it was not needed so far. */
  async refresh(id: string): Promise<PluginSettings> {
    const plugin = this.plugins.find((candidate) => candidate.id === id);
    if (plugin && !plugin.incompatible && !this.#definitions.has(id)) await this.#load(plugin);
    await this.reload();
    return this.settings(id);
  }

  settings(id: string): PluginSettings {
    const entry = this.#config.plugins.get(id);
    // Without an entry its code was not loaded: because it is disabled, or because it cannot be; a start tells.
    if (!entry) return { enabled: !this.#disabled.has(id), required: false, config: null, invalid: null };
    return {
      enabled: entry.enabled,
      required: entry.required,
      config: entry.config,
      invalid: summarize(entry.problems),
    };
  }

  /** The schedules that the configuration sets for a plugin's jobs; false: on demand only. */
  schedules(id: string): Readonly<Record<string, Schedule | false>> {
    return this.#config.plugins.get(id)?.schedules ?? {};
  }

  #wanted({ id, incompatible }: DiscoveredPlugin): boolean {
    if (incompatible) return false;
    const enabled = this.#config.plugins.get(id)?.enabled !== false;
    if (!enabled) this.#disabled.add(id);
    return enabled || this.#options.everything === true;
  }

  /** A definition that cannot be loaded is no error here: the plugin's start meets it again and tells. */
  async #load(plugin: DiscoveredPlugin): Promise<void> {
    const definition = await plugin.load().catch(() => undefined);
    if (definition) this.#definitions.set(plugin.id, definition);
  }
}

/** The plugins named, and those they use. */
function withProviders(plugins: readonly DiscoveredPlugin[], ids: readonly string[]): DiscoveredPlugin[] {
  const wanted = new Set(ids);
  for (const id of wanted) {
    for (const used of plugins.find((plugin) => plugin.id === id)?.manifest.uses ?? []) wanted.add(used);
  }
  return plugins.filter(({ id }) => wanted.has(id));
}

/** The first problem in one line, and how many more there are. */
function summarize([first, ...more]: readonly ConfigProblem[]): string | null {
  if (!first) return null;
  const place = first.file === null ? '' : ` (${first.file}${first.line === null ? '' : `:${first.line}`})`;
  const rest = more.length === 0 ? '' : `, and ${more.length} more; see: atoll check`;
  return `${first.path} ${first.message}${place}${first.hint === null ? '' : `; ${first.hint}`}${rest}`;
}
