/** One level of a logger: a message, or fields and a message. An `err` field carries an error. */
export interface LogMethod {
  (message: string): void;
  (fields: object, message?: string): void;
}

/** A structured logger; the host's is pino. Correlation fields of the job run or request are added by the host. */
export interface Logger {
  trace: LogMethod;
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
  fatal: LogMethod;
  child(bindings: object): Logger;
}
