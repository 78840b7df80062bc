import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

export interface RotatingFileOptions {
  file: string;
  /** Bytes; the line that would exceed them begins a new file. */
  maxSizeBytes: number;
  /** Files kept beside the current one: `<file>.1` is the youngest. */
  backups: number;
}

/**
 * A log file that never outgrows its limits. Every write is done when it returns, so that no line is lost when
 * the process ends, however it ends.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #descriptor: number | undefined;
  #size = 0;

  /** Throws the system's error when the file cannot be opened. */
  constructor(options: RotatingFileOptions) {
    this.#options = options;
    this.#open();
  }

  /** Appends a line; throws the system's error when that fails, and tries to open the file anew the next time. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    try {
      const descriptor = this.#descriptor ?? this.#open();
      const full = this.#size > 0 && this.#size + bytes.length > this.#options.maxSizeBytes;
      this.#append(full ? this.#rotate() : descriptor, bytes);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    if (this.#descriptor === undefined) return;
    const descriptor = this.#descriptor;
    this.#descriptor = undefined;
    closeSync(descriptor);
  }

  #append(descriptor: number, bytes: Buffer): void {
    // A full disk may take a part of the line.
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    this.#size += bytes.length;
  }

  #open(): number {
    mkdirSync(dirname(this.#options.file), { recursive: true });
    const descriptor = openSync(this.#options.file, 'a', 0o640);
    this.#descriptor = descriptor;
    this.#size = fstatSync(descriptor).size;
    return descriptor;
  }

  #rotate(): number {
    const { file, backups } = this.#options;
    this.close();
    if (backups === 0) rmSync(file, { force: true });
    for (let number = backups; number >= 1; number--) {
      moveIfThere(number === 1 ? file : `${file}.${number - 1}`, `${file}.${number}`);
    }
    return this.#open();
  }
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
