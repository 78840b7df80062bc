import type { Logger, LogMethod } from '@atoll/sdk';

/** A logger that keeps its lines as `level: message`. */
export function recordingLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const level =
    (name: string): LogMethod =>
    (first: object | string, message?: string) =>
      void lines.push(`${name}: ${typeof first === 'string' ? first : message}`);
  const logger = {
    lines,
    trace: level('trace'),
    debug: level('debug'),
    info: level('info'),
    warn: level('warn'),
    error: level('error'),
    fatal: level('fatal'),
    child: () => logger,
  };
  return logger;
}
