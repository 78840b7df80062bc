import { pluginIdSchema, type RouteAuth, z } from '@atoll/sdk';

/** What a token may do, least first; each includes the ones before it. */
const accessLevels = ['read', 'operate', 'admin'] as const;

type AccessLevel = (typeof accessLevels)[number];

/** A scope as it is written: for the whole host, or `plugin:<id>[:level]` for the routes of one plugin. */
export type Scope = string;

interface ParsedScope {
  level: AccessLevel;
  /** The one plugin whose routes it opens; null for the host and all plugins. */
  plugin: string | null;
}

/** Reads a scope; undefined when it is none. `plugin:<id>` without a level means `operate`. */
export function parseScope(scope: Scope): ParsedScope | undefined {
  if (isLevel(scope)) return { level: scope, plugin: null };
  const [kind, plugin, level = 'operate', ...rest] = scope.split(':');
  if (kind !== 'plugin' || rest.length > 0 || !isLevel(level)) return undefined;
  return pluginIdSchema.safeParse(plugin).success ? { level, plugin: plugin! } : undefined;
}

/** A scope in a request body. */
export const scopeSchema = z.string().refine((scope) => parseScope(scope) !== undefined, {
  error: 'not a scope: use read, operate, admin, plugin:<id> or plugin:<id>:<read|operate|admin>',
});

/** The order of what routes ask for and tokens give; a caller passes when its rank is at least the route's. */
export const accessRank: Record<RouteAuth, number> = { public: 0, read: 1, operate: 2, admin: 3 };

function isLevel(word: string): word is AccessLevel {
  return (accessLevels as readonly string[]).includes(word);
}
