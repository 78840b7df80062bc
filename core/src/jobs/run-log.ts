/** One kept line of a run's log. */
export interface RunLogLine {
  /** ISO 8601 UTC. */
  at: string;
  level: string;
  message: string;
  fields?: Record<string, unknown>;
}

const maxLines = 500;
const maxBytes = 64 * 1024;
const maxMessage = 2000;
const maxFields = 2000;

/** The last lines of a run's log, at most 500 and 64 KiB. */
export class RunLog {
  readonly #lines: string[] = [];
  readonly #redact: (text: string) => string;
  #bytes = 0;

  /** `redact` removes secrets from a text, and leaves JSON what it is. */
  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  /** Keeps a line and returns it as it is kept: clipped and redacted. */
  add(at: number, level: string, message: string, fields: object): RunLogLine {
    const kept: RunLogLine = {
      at: new Date(at).toISOString(),
      level,
      message: this.#redact(message.length > maxMessage ? `${message.slice(0, maxMessage)}…` : message),
      ...this.#fields(fields),
    };
    const text = JSON.stringify(kept);
    this.#lines.push(text);
    this.#bytes += Buffer.byteLength(text) + 1;
    while (this.#lines.length > maxLines || this.#bytes > maxBytes)
      this.#bytes -= Buffer.byteLength(this.#lines.shift() ?? '') + 1;
    return kept;
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  toString(): string {
    return this.#lines.join('\n');
  }

  #fields(fields: object): Pick<RunLogLine, 'fields'> {
    const entries = Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? value.message : value,
    ]);
    if (entries.length === 0) return {};
    try {
      const json = JSON.stringify(Object.fromEntries(entries));
      return json.length > maxFields
        ? {}
        : { fields: JSON.parse(this.#redact(json)) as Record<string, unknown> };
    } catch {
      // A line is kept without fields that have no JSON.
      return {};
    }
  }
}

/** The lines of a stored log. */
export function parseRunLog(text: string): RunLogLine[] {
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as RunLogLine);
}
