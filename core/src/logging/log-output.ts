import type { LogLine } from './log-line.js';
import type { RotatingFile } from './rotating-file.js';

/** Where lines are printed; `process.stdout` is one. */
export interface LogStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  off?(event: 'error', listener: (error: Error) => void): unknown;
}

export interface LogOutputOptions {
  stdout: LogStream;
  file: RotatingFile | undefined;
  format: (line: LogLine) => string;
  fileFormat: (line: LogLine) => string;
}

/** Writes lines to standard output and to the file. Neither of them failing may take the host down. */
export class LogOutput {
  readonly #options: LogOutputOptions;
  #stdoutGone = false;
  #fileFails = false;
  #closed = false;

  constructor(options: LogOutputOptions) {
    this.#options = options;
    // Unheard, the error of a closed pipe (`atoll start | head`) would end the process.
    options.stdout.on?.('error', this.#onStdoutError);
  }

  write(line: LogLine): void {
    this.#print(line);
    this.#keep(line);
  }

  /** Lines that come later are printed, but no longer kept: the folder may be gone. */
  close(): void {
    this.#closed = true;
    this.#options.stdout.off?.('error', this.#onStdoutError);
    this.#options.file?.close();
  }

  readonly #onStdoutError = (): void => {
    this.#stdoutGone = true;
  };

  #print(line: LogLine): void {
    if (this.#stdoutGone) return;
    try {
      this.#options.stdout.write(this.#options.format(line));
    } catch {
      this.#stdoutGone = true;
    }
  }

  #keep(line: LogLine): void {
    const { file, fileFormat } = this.#options;
    if (!file || this.#closed) return;
    try {
      file.write(fileFormat(line));
      this.#fileFails = false;
    } catch (error) {
      if (this.#fileFails) return;
      this.#fileFails = true;
      const { message, code } = error as NodeJS.ErrnoException;
      const text = `the log file cannot be written (${code ?? 'unknown'}): ${message}; lines are lost until it can`;
      this.#print({ timestamp: line.timestamp, level: 'error', logger: 'atoll.logging', message: text });
    }
  }
}
