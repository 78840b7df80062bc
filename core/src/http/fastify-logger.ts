import type { Logger } from '@atoll/sdk';
import type { FastifyBaseLogger } from 'fastify';

/**
 * The plugin's logger as Fastify wants it. Requests get no child of their own, which would cost more than routing
 * does: the request's id is in the execution scope, and the host's logging adds it from there.
 */
export function fastifyLogger(logger: Logger): FastifyBaseLogger {
  return {
    level: 'trace',
    silent: () => {},
    trace: logger.trace.bind(logger),
    debug: logger.debug.bind(logger),
    info: logger.info.bind(logger),
    warn: logger.warn.bind(logger),
    error: logger.error.bind(logger),
    fatal: logger.fatal.bind(logger),
    child: (bindings) => fastifyLogger(logger.child(bindings)),
  };
}
