import type { Logger, LogMethod } from '@atoll/sdk';

/** Receives what a run logs at `info` and above. */
type LogSink = (level: string, message: string, fields: object) => void;

/** A logger that writes to `target` and shows every line from `info` up to `sink` too. */
export function teeLogger(target: Logger, sink: LogSink, bound: object = {}): Logger {
  const kept = (level: 'info' | 'warn' | 'error' | 'fatal'): LogMethod => {
    return (first: string | object, message?: string): void => {
      if (typeof first === 'string') {
        target[level](first);
        sink(level, first, bound);
      } else {
        if (message === undefined) target[level](first);
        else target[level](first, message);
        const [said, fields] = first instanceof Error ? [first.message, {}] : ['', first];
        sink(level, message ?? said, { ...bound, ...fields });
      }
    };
  };
  return {
    trace: target.trace.bind(target),
    debug: target.debug.bind(target),
    info: kept('info'),
    warn: kept('warn'),
    error: kept('error'),
    fatal: kept('fatal'),
    child: (bindings) => teeLogger(target.child(bindings), sink, { ...bound, ...bindings }),
  };
}
