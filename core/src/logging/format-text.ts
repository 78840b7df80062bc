import { escapeControl } from './escape-control.js';
import type { LoggedException, LogLevel, LogLine } from './log-line.js';

const colors: Readonly<Record<LogLevel, number>> = {
  trace: 90,
  debug: 36,
  info: 32,
  warn: 33,
  error: 31,
  fatal: 35,
};
const bare = /^[^\s"'=\\[\]{}]+$/;

/** Writes lines as `HH:MM:SS [LEVEL] logger: message key=value`, in the time zone given. */
export class TextFormat {
  readonly #time: Intl.DateTimeFormat;
  readonly #color: boolean;

  constructor({ timezone, color }: { timezone?: string; color: boolean }) {
    this.#time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: timezone });
    this.#color = color;
  }

  /** One line, and further indented ones where an exception has a stack; ends with a newline. */
  format(line: LogLine): string {
    const { timestamp, level, logger, message, exception, ...fields } = line;
    const time = this.#time.format(new Date(timestamp));
    let text = `${time} ${this.#paint(level)} ${escapeControl(logger)}: ${escapeControl(message)}`;
    for (const [key, value] of Object.entries(fields)) {
      if (!isRedundant(key, value, line)) text += ` ${escapeControl(key)}=${formatValue(value)}`;
    }
    if (exception) text += formatException(exception, message);
    return `${text}\n`;
  }

  #paint(level: LogLevel): string {
    const label = `[${level.toUpperCase()}]`;
    return this.#color ? `\u001b[${colors[level]}m${label}\u001b[0m` : label;
  }
}

/** People see which plugin speaks from the logger's name, and the correlation from the request or run. */
function isRedundant(key: string, value: unknown, line: LogLine): boolean {
  if (key === 'plugin') return line.logger === value || line.logger.startsWith(`${value}.`);
  return key === 'correlation_id' && (value === line.run || value === line.requestId);
}

function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  if (typeof value !== 'string') return escapeControl(text);
  return bare.test(text) ? escapeControl(text) : escapeControl(JSON.stringify(text));
}

function formatException(exception: LoggedException, shown: string, label = ''): string {
  const code = exception.code === undefined ? '' : ` (${escapeControl(exception.code)})`;
  // The message often is the line's own: not twice.
  const text =
    label === '' && exception.message === shown
      ? ` exception=${escapeControl(exception.type)}${code}`
      : `\n    ${label}${escapeControl(exception.type)}: ${escapeControl(exception.message)}${code}`;
  const hint = exception.hint === undefined ? '' : `\n    hint: ${escapeControl(exception.hint)}`;
  const frames = (exception.stack?.split('\n') ?? [])
    .map((frame) => `\n        ${escapeControl(frame)}`)
    .join('');
  const cause = exception.cause ? formatException(exception.cause, shown, 'caused by ') : '';
  const parts = (exception.errors ?? []).map((part) => formatException(part, shown, 'with ')).join('');
  return text + hint + frames + cause + parts;
}
