/** What decides the order in which plugins start. */
export interface Dependent {
  id: string;
  uses: readonly string[];
}

export interface StartOrder {
  /** Providers before those that use them; otherwise as given. */
  order: string[];
  /** Why a plugin can never start: a missing provider or a circle, by plugin id. */
  unstartable: Map<string, string>;
}

/** Orders plugins by what they use. */
export function startOrder(plugins: readonly Dependent[]): StartOrder {
  const byId = new Map(plugins.map((plugin) => [plugin.id, plugin]));
  const unstartable = new Map<string, string>();
  const order: string[] = [];
  const visited = new Set<string>();

  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) {
      const circle = [...path.slice(path.indexOf(id)), id].join(' → ');
      for (const member of path.slice(path.indexOf(id)))
        unstartable.set(member, `uses itself in a circle: ${circle}`);
      return;
    }
    if (visited.has(id)) return;
    const plugin = byId.get(id)!;
    for (const used of plugin.uses) {
      if (!byId.has(used)) unstartable.set(id, `uses the plugin "${used}", which is not installed`);
      else visit(used, [...path, id]);
    }
    visited.add(id);
    order.push(id);
  };

  for (const plugin of plugins) visit(plugin.id, []);
  return { order, unstartable };
}

/** Those that use `id`, directly or through others, furthest first: the order in which to stop them. */
export function dependantsOf(id: string, plugins: readonly Dependent[]): string[] {
  const found = new Set<string>();
  const collect = (provider: string): void => {
    for (const plugin of plugins) {
      if (!plugin.uses.includes(provider) || found.has(plugin.id) || plugin.id === id) continue;
      found.add(plugin.id);
      collect(plugin.id);
    }
  };
  collect(id);
  const { order } = startOrder(
    plugins
      .filter((plugin) => found.has(plugin.id))
      .map((p) => ({ ...p, uses: p.uses.filter((u) => found.has(u)) })),
  );
  return order.reverse();
}
