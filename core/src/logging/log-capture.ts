import type { LogLevel, LogLine } from './log-line.js';

const maxLines = 10_000;

/** Keeps the last lines of a log for tests to look at; `listener` is what `Logging.subscribe` takes. */
export class LogCapture {
  readonly #lines: LogLine[] = [];

  readonly listener = (line: LogLine): void => {
    this.#lines.push(line);
    if (this.#lines.length > maxLines) this.#lines.shift();
  };

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** The messages, of one level or of all. */
  messages(level?: LogLevel): string[] {
    return this.#lines
      .filter((line) => level === undefined || line.level === level)
      .map(({ message }) => message);
  }

  clear(): void {
    this.#lines.length = 0;
  }
}
