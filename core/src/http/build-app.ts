import { AtollError, isAtollError, type RouteAuth, type RoutesApp } from '@atoll/sdk';
import { type FastifyServerOptions, fastify, LogController, type RouteOptions } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { exchangeOf } from './exchange.js';
import { httpKernel, type KernelOptions } from './kernel.js';
import { problemOf } from './problem.js';
import { refuse } from './refuse.js';
import { resolveAuth, routeAccess } from './route-access.js';
import { checkRouteSchemas } from './route-schemas.js';

/** Routes that are declared, and go, together. */
export interface RouteGroup {
  declare(app: RoutesApp): void | Promise<void>;
  auth?: RouteAuth;
}

/** A route as it was declared, with its auth settled. */
export interface DeclaredRoute {
  method: string;
  /** Below the mount's prefix. */
  path: string;
  auth: RouteAuth;
  schema: RouteOptions['schema'];
}

export interface AppOptions extends KernelOptions {
  /** What messages call the mount. */
  name: string;
  /** Bytes. */
  bodyLimit: number;
  /** Whose forwarded headers count for `request.ip`. */
  trustedProxies: readonly string[];
}

export interface BuiltApp {
  app: RoutesApp;
  routes: DeclaredRoute[];
}

/** A group that could not be declared. */
export class RouteGroupError extends Error {
  readonly group: RouteGroup;

  constructor(group: RouteGroup, cause: unknown) {
    super('a group of routes could not be declared', { cause });
    this.group = group;
  }
}

/**
 * Given at once, and not by setValidatorCompiler later, so that Fastify does not load compilers of its own: they cost
 * the start a tenth of its time. Its types know factories for JSON Schema only.
 */
const zodCompilers = {
  compilersFactory: { buildValidator: () => validatorCompiler, buildSerializer: () => serializerCompiler },
} as unknown as FastifyServerOptions['schemaController'];

/** Builds the Fastify instance of a mount with all its groups; rejects with the RouteGroupError of the first bad one. */
export async function buildApp(options: AppOptions, groups: readonly RouteGroup[]): Promise<BuiltApp> {
  const routes: DeclaredRoute[] = [];
  const app: RoutesApp = fastify({
    // With a logger of its own Fastify would watch the end of every answer, to log it: that is done elsewhere.
    logger: false,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: (request) => exchangeOf(request).requestId,
    requestIdHeader: false,
    bodyLimit: options.bodyLimit,
    trustProxy: options.trustedProxies.length > 0 ? [...options.trustedProxies] : false,
    routerOptions: { maxParamLength: 500 },
    schemaController: zodCompilers,
    // Errors before any route is found, such as a broken percent-encoding.
    frameworkErrors: (error, request, reply) => {
      const { problem, status } = problemOf(error, request.id);
      reply.hijack();
      refuse(exchangeOf(request.raw), status, problem.code, problem.detail);
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.register(httpKernel, options);
  for (const group of groups) {
    app.register(async (scope) => {
      scope.addHook('onRoute', (route) => {
        checkRouteSchemas(options.name, route);
        const auth = resolveAuth(route.config?.auth, group.auth, route.method);
        route.config = { ...route.config, [routeAccess]: { auth, pattern: route.url } };
        for (const method of [route.method].flat()) {
          // Fastify answers HEAD beside every GET.
          if (method !== 'HEAD') routes.push({ method, path: route.url, auth, schema: route.schema });
        }
      });
      await options.enter(options.plugin === null ? {} : { plugin: options.plugin }, async () => {
        try {
          await group.declare(scope);
        } catch (cause) {
          throw new RouteGroupError(group, describe(options.name, cause));
        }
      });
    });
  }
  try {
    await app.ready();
  } catch (error) {
    await app.close();
    throw error;
  }
  return { app, routes };
}

/** Fastify's complaint about a route declared twice does not say whose it is. */
function describe(name: string, cause: unknown): unknown {
  if (isAtollError(cause) || !(cause instanceof Error)) return cause;
  return new AtollError('plugin_failed', `${name}: its routes could not be declared: ${cause.message}`, {
    cause,
  });
}
