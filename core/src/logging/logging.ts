import { AtollError, type Clock, type Disposer, type Logger } from '@atoll/sdk';
import { pino } from 'pino';
import { currentScope } from '../scope/execution-scope.js';
import { describeException } from './describe-exception.js';
import { TextFormat } from './format-text.js';
import { type LogLevel, type LogLine, logLevels } from './log-line.js';
import { LogOutput, type LogStream } from './log-output.js';
import { Redactor } from './redactor.js';
import { RotatingFile } from './rotating-file.js';

export interface LoggingOptions {
  level: LogLevel;
  format: 'text' | 'json';
  /** Written beside standard output, in the same format. */
  file?: string;
  /** Bytes of one log file. Default 10 MiB. */
  maxSizeBytes?: number;
  /** Old log files kept. Default 5. */
  backups?: number;
  /** Values that never appear. */
  secrets?: readonly string[];
  clock: Clock;
  /** IANA name of the zone that text lines tell the time in. Default: the process's. */
  timezone?: string;
  /** Default: standard output. */
  stdout?: LogStream;
  /** Default: on a terminal, unless NO_COLOR is set. */
  color?: boolean;
}

export interface Logging {
  /** The host's logger, named `atoll`; parts of the host use `child({ logger: 'atoll.<part>' })`. */
  readonly logger: Logger;
  readonly level: LogLevel;
  forPlugin(id: string): Logger;
  /** Takes effect at once, for every logger. */
  setLevel(level: LogLevel): void;
  addSecrets(values: readonly string[]): void;
  /** `text` without secrets, for what is shown elsewhere than in the log. JSON stays valid JSON. */
  redact(text: string): string;
  /** Hands every further line, redacted, to `listener`. A listener that throws is removed. */
  subscribe(listener: (line: LogLine) => void): Disposer;
  /** Closes the file. Lines are written as they come, so nothing waits to be flushed. */
  close(): void;
}

/**
 * The log of one host. Lines are pino's; each takes the fields of the scope it is written in, and is redacted as
 * a whole before anything sees it. Everything is written synchronously: the last line before a crash counts most.
 *
 * @throws AtollError `config_invalid` when the file cannot be opened.
 */
export function createLogging(options: LoggingOptions): Logging {
  const { clock, stdout = process.stdout } = options;
  const redactor = new Redactor(options.secrets);
  const output = new LogOutput({
    stdout,
    file: options.file === undefined ? undefined : openFile(options.file, options),
    format: lineFormat(options, options.color ?? (stdout.isTTY === true && !process.env.NO_COLOR)),
    fileFormat: lineFormat(options, false),
  });
  const listeners = new Set<(line: LogLine) => void>();

  const write = (json: string): void => {
    const line = redactor.line(readLine(json));
    output.write(line);
    for (const listener of listeners) {
      try {
        listener(line);
      } catch {
        listeners.delete(listener);
      }
    }
  };

  let level = options.level;
  const root = pino(
    {
      // Every level is enabled for pino and filtered here: a method that somebody bound, as adapters do, or a
      // child with options of its own would otherwise stay at the level of the moment it was made.
      level: 'trace',
      hooks: {
        logMethod(args, method, lineLevel) {
          if (lineLevel >= threshold(level)) method.apply(this, args);
        },
      },
      base: null,
      messageKey: 'message',
      errorKey: 'err',
      timestamp: () => `,"timestamp":"${new Date(clock.now()).toISOString()}"`,
      mixin: scopeFields,
      // The key `err` is turned into `exception` here; pino's own serializer must not come first.
      serializers: { err: (error: unknown) => error },
      formatters: {
        level: (word) => ({ level: word }),
        log: (fields) => loggableFields(fields, threshold(level) <= threshold('debug')),
      },
    },
    { write },
  );

  return {
    logger: root,
    get level() {
      return level;
    },
    forPlugin: (id) => root.child({ logger: id, plugin: id }),
    setLevel: (next) => {
      level = next;
    },
    addSecrets: (values) => redactor.add(values),
    redact: (text) => redactor.text(text),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => output.close(),
  };
}

/** Pino's number of a level. */
function threshold(level: LogLevel): number {
  return (logLevels.indexOf(level) + 1) * 10;
}

function scopeFields(): Record<string, string | undefined> {
  const { plugin, job, run, requestId, correlationId } = currentScope();
  return { plugin, job, run, requestId, correlation_id: correlationId };
}

/** Turns errors into what a line carries, and keeps a caller's fields from passing for the line's own. */
function loggableFields(fields: Record<string, unknown>, verbose: boolean): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'err' || key === 'exception') clean.exception = describeException(value, verbose);
    else if (key === 'level' || key === 'timestamp') clean[`${key}_`] = value;
    else clean[key] = value instanceof Error ? describeException(value, verbose) : value;
  }
  return clean;
}

/** Pino appends bindings and fields without looking: of a key that comes twice, the last one is kept. */
function readLine(json: string): LogLine {
  const { timestamp, level, logger = 'atoll', message, ...fields } = JSON.parse(json) as LogLine;
  const text = message ?? fields.exception?.message ?? '';
  return {
    timestamp,
    level,
    logger,
    message: typeof text === 'string' ? text : JSON.stringify(text),
    ...fields,
  };
}

function lineFormat({ format, timezone }: LoggingOptions, color: boolean): (line: LogLine) => string {
  if (format === 'json') return (line) => `${JSON.stringify(line)}\n`;
  const text = new TextFormat({ timezone, color });
  return (line) => text.format(line);
}

function openFile(
  file: string,
  { maxSizeBytes = 10 * 1024 ** 2, backups = 5 }: LoggingOptions,
): RotatingFile {
  try {
    return new RotatingFile({ file, maxSizeBytes, backups });
  } catch (cause) {
    throw new AtollError(
      'config_invalid',
      `the log file ${file} cannot be opened: ${(cause as Error).message}`,
      {
        hint: 'Set log.file (LOG_FILE) to a path that Atoll may write, or leave it out.',
        cause,
      },
    );
  }
}
