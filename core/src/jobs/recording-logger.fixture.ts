import type { Logger, LogMethod } from '@atoll/sdk';

/** A logger that keeps `level: message {bindings and fields}` lines, the info level and above. */
export function recordingLogger(lines: string[] = [], bound: object = {}): Logger & { lines: string[] } {
  const record = (level: string): LogMethod => {
    return (first: string | object, message?: string): void => {
      const fields = typeof first === 'string' ? bound : { ...bound, ...first };
      const said = typeof first === 'string' ? first : (message ?? '');
      lines.push(
        `${level}: ${said} ${JSON.stringify(fields, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))}`,
      );
    };
  };
  return {
    lines,
    trace: () => undefined,
    debug: () => undefined,
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    fatal: record('fatal'),
    child: (bindings) => recordingLogger(lines, { ...bound, ...bindings }),
  };
}
