export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

export type LogLevel = (typeof logLevels)[number];

/** What a line says of an error. The chain of causes goes as deep as `maxCauses`. */
export interface LoggedException {
  /** The error's class. */
  type: string;
  message: string;
  /** Stable code of an AtollError, or the system's, for example `ENOSPC`. */
  code?: string;
  /** What to do about it, where the error tells. */
  hint?: string;
  /** Stack frames, one a line, without the message. Left out for errors that are no surprise. */
  stack?: string;
  cause?: LoggedException;
  /** The parts of an AggregateError. */
  errors?: LoggedException[];
}

/** A line of the log, redacted. Plugins add fields of their own beside these. */
export interface LogLine {
  /** ISO 8601, UTC. */
  timestamp: string;
  level: LogLevel;
  /** `atoll`, `atoll.<part>` or the plugin's id. */
  logger: string;
  message: string;
  plugin?: string;
  /** Full id, `<plugin>/<name>`. */
  job?: string;
  run?: string;
  requestId?: string;
  /** The same for everything that one request or run set off. */
  correlation_id?: string;
  /** The other system that the line is about. */
  service?: string;
  operation?: string;
  /** Milliseconds. */
  duration?: number;
  exception?: LoggedException;
  [field: string]: unknown;
}
