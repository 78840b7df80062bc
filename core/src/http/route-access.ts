import type { RouteAuth } from '@atoll/sdk';

/** What the kernel knows of a route before it runs: resolved once, at registration. */
export interface RouteAccess {
  auth: RouteAuth;
  /** The pattern, for metrics and messages. */
  pattern: string;
}

export const routeAccess = Symbol('atoll:route-access');

declare module 'fastify' {
  interface FastifyContextConfig {
    [routeAccess]?: RouteAccess;
  }
}

/** The auth of a route: its own, its group's, or by method. */
export function resolveAuth(
  own: RouteAuth | undefined,
  group: RouteAuth | undefined,
  method: string | readonly string[],
): RouteAuth {
  if (own ?? group) return (own ?? group)!;
  const methods = typeof method === 'string' ? [method] : method;
  return methods.every((name) => name === 'GET' || name === 'HEAD') ? 'read' : 'operate';
}
