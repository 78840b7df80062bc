import { AtollError, type Logger } from '@atoll/sdk';
import type {
  FastifyError,
  FastifyPluginCallback,
  FastifyReply,
  FastifyRequest,
  preValidationHookHandler,
} from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { ResponseSerializationError } from 'fastify-type-provider-zod';
import { type Authenticator, bearerToken } from '../auth/authenticator.js';
import type { Principal } from '../auth/principal.js';
import type { ExecutionScope } from '../scope/execution-scope.js';
import { exchangeOf } from './exchange.js';
import { fastifyLogger } from './fastify-logger.js';
import { problemOf, problemType, withoutSecrets } from './problem.js';
import { type RouteAccess, routeAccess } from './route-access.js';
import { securityHeaders } from './security-headers.js';

export interface KernelOptions {
  /** The plugin whose routes these are; null for the host's own. */
  plugin: string | null;
  tokens: Authenticator;
  logger: Logger;
  /** Takes secrets out of the errors that callers read. */
  redact(text: string): string;
  /** Runs code of the plugin on its behalf. */
  enter<T>(scope: ExecutionScope, fn: () => T): T;
}

/** What every instance has before its routes: validation, access, headers, the scope, and one shape of error. */
const kernel: FastifyPluginCallback<KernelOptions> = (app, options, done) => {
  const { plugin, tokens, logger, redact, enter } = options;
  const scopeOf = (request: FastifyRequest): ExecutionScope =>
    plugin === null ? { requestId: request.id } : { plugin, requestId: request.id };

  app.log = fastifyLogger(logger);

  app.addHook('onRequest', (request, reply, next) => {
    request.log = reply.log = app.log;
    reply.headers(securityHeaders).header('x-request-id', request.id);
    const access = request.routeOptions.config?.[routeAccess];
    if (access !== undefined) {
      exchangeOf(request.raw).route = access.pattern;
      const refusal = access.auth === 'public' ? undefined : refusalOf(request, access, plugin, tokens);
      if (refusal) return next(refusal);
    }
    enter(scopeOf(request), next);
  });

  // A body is read in the context of the connection, so the scope has to be entered again behind it. A hook of the
  // route, since requests without a body, which are most, need none.
  app.addHook('onRoute', (route) => {
    if ([route.method].flat().every((method) => method === 'GET' || method === 'HEAD')) return;
    const again: preValidationHookHandler = (request, _reply, next) => enter(scopeOf(request), next);
    route.preValidation = [again, ...[route.preValidation ?? []].flat()];
  });

  const answer = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { problem, status, retryAfter, fault } = problemOf(error, request.id);
    if (fault) {
      const route = exchangeOf(request.raw).route;
      const fields = { err: errorToLog(error), method: request.method, route };
      enter(scopeOf(request), () => logger.error(fields, `${request.method} ${route} failed`));
    }
    if (retryAfter !== null) reply.header('retry-after', String(retryAfter));
    if (status === 401) reply.header('www-authenticate', challenge(request));
    // The route's response schemas describe its own answers, so this one goes around them.
    reply.code(status).type(problemType).serializer(JSON.stringify).send(withoutSecrets(problem, redact));
  };
  app.setErrorHandler<FastifyError>((error, request, reply) => answer(error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const where = plugin === null ? 'Atoll' : `The plugin "${plugin}"`;
    answer(new AtollError('not_found', `${where} has no ${request.method} at this path.`), request, reply);
  });
  done();
};

export const httpKernel = fastifyPlugin(kernel, { name: 'atoll-kernel' });

/** Who calls, where the route asked; null for a public route. */
export function principalOf(request: FastifyRequest): Principal | null {
  return exchangeOf(request.raw).principal;
}

function refusalOf(
  request: FastifyRequest,
  { auth }: RouteAccess,
  plugin: string | null,
  tokens: Authenticator,
): AtollError | undefined {
  const exchange = exchangeOf(request.raw);
  if (exchange.principal === null) {
    const token = bearerToken(request.headers.authorization);
    if (token === undefined) {
      return new AtollError('unauthorized', 'This needs a token.', {
        hint: 'Send it as "Authorization: Bearer <token>".',
      });
    }
    exchange.principal = tokens.verify(token);
    if (exchange.principal === null) {
      return new AtollError('unauthorized', 'The token is unknown, expired or revoked.', {
        hint: 'Make a new one with "atoll token create".',
      });
    }
  }
  if (exchange.principal.allows(auth, plugin)) return undefined;
  const needed = plugin === null ? `"${auth}"` : `"${auth}" or "plugin:${plugin}:${auth}"`;
  const { name, scopes } = exchange.principal;
  return new AtollError(
    'forbidden',
    `This needs the scope ${needed}; the token "${name}" has ${scopes.join(', ')}.`,
  );
}

function challenge(request: FastifyRequest): string {
  const given = request.headers.authorization !== undefined;
  return given ? 'Bearer realm="atoll", error="invalid_token"' : 'Bearer realm="atoll"';
}

/** A response that breaks its own schema says in its cause where; that is what the log needs. */
function errorToLog(error: unknown): unknown {
  if (!(error instanceof ResponseSerializationError)) return error;
  return new Error(
    `the answer does not match its schema: ${error.cause.issues.map(describeIssue).join('; ')}`,
    {
      cause: error,
    },
  );
}

function describeIssue({ path, message }: { path: readonly PropertyKey[]; message: string }): string {
  return `${path.map(String).join('.') || '(answer)'}: ${message}`;
}
