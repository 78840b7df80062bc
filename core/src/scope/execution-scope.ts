import { AsyncLocalStorage } from 'node:async_hooks';

/** On whose behalf code runs: it names the culprit of an uncaught error and joins log lines to their cause. */
export interface ExecutionScope {
  readonly plugin?: string;
  /** Full id, `<plugin>/<name>`. */
  readonly job?: string;
  readonly run?: string;
  readonly requestId?: string;
  /** Joins everything one request or run set off. Default: the request's id, else the run's. */
  readonly correlationId?: string;
}

const store = new AsyncLocalStorage<ExecutionScope>();
const outside: ExecutionScope = Object.freeze({});

/** The scope of the code that asks; empty outside of any. Readable in `uncaughtException` handlers too. */
export function currentScope(): ExecutionScope {
  return store.getStore() ?? outside;
}

/**
 * Runs `fn`, and everything it starts, in the surrounding scope extended by `scope`.
 *
 * What no longer holds is left behind: another plugin's code is not part of the caller's job, and a run or a
 * request is a unit of work of its own. So a timer that was armed during some request lends its id to nothing.
 */
export function enterScope<T>(scope: ExecutionScope, fn: () => T): T {
  return store.run(Object.freeze(extend(currentScope(), scope)), fn);
}

/** Runs `fn` outside of any scope: for timers and queues of the host that serve everyone. */
export function leaveScope<T>(fn: () => T): T {
  return store.exit(fn);
}

function extend(outer: ExecutionScope, inner: ExecutionScope): ExecutionScope {
  if (outer === outside)
    return { ...inner, correlationId: inner.correlationId ?? inner.requestId ?? inner.run };
  const newRun = inner.run !== undefined && inner.run !== outer.run;
  const newRequest = inner.requestId !== undefined && inner.requestId !== outer.requestId;
  const newPlugin = inner.plugin !== undefined && inner.plugin !== outer.plugin;
  const sameJob = !(newPlugin || newRun || newRequest);
  const requestId = inner.requestId ?? (newRun ? undefined : outer.requestId);
  const run = inner.run ?? (sameJob ? outer.run : undefined);
  return {
    plugin: inner.plugin ?? outer.plugin,
    job: inner.job ?? (sameJob ? outer.job : undefined),
    run,
    requestId,
    correlationId:
      inner.correlationId ?? (newRun || newRequest ? undefined : outer.correlationId) ?? requestId ?? run,
  };
}
