import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import type { Disposer } from './disposer.js';

export type HttpErrorStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 502 | 503 | 504 | 507;

/** Who may call a route: anyone, or the holder of a scope. `admin` includes `operate`, which includes `read`. */
export type RouteAuth = 'public' | 'read' | 'operate' | 'admin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Overrides the group's `auth` for one route. */
    auth?: RouteAuth;
  }
}

/** The Fastify scope a plugin's routes are declared in; schemas are zod, paths are below the plugin's prefix. */
export type RoutesApp = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface Http {
  /**
   * Declares routes under `/api/plugins/<id>`. Default auth: `read` for GET and HEAD, `operate` for the rest.
   * The group is a Fastify scope of its own: hooks and decorators stay inside. `declare` runs again when groups
   * come or go while the plugin runs, so it declares and does nothing else.
   */
  routes(declare: (app: RoutesApp) => void | Promise<void>, options?: { auth?: RouteAuth }): Disposer;
  /** Names a schema in the OpenAPI document, as the component `<plugin>.<name>`. Returns the schema. */
  schema<S extends z.ZodType>(name: string, schema: S): S;
}
