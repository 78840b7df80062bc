/** Request headers whose values say nothing that has to stay private. */
const plainHeaders = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'cache-control',
  'content-length',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'origin',
  'range',
  'referer',
  'user-agent',
]);

const mask = '[redacted]';

/** Shorter ones would blacken half of every message, and hide nothing that is worth it. */
const shortestSecret = 3;

/** The secrets of one request, to be taken out of every text that leaves the client. */
export class Redaction {
  readonly #secrets = new Set<string>();

  /** Takes the value of each header that may be private, whole and without its scheme. */
  addHeaders(headers: Readonly<Record<string, string>>): this {
    for (const [name, value] of Object.entries(headers)) {
      if (plainHeaders.has(name.toLowerCase())) continue;
      this.add(value);
      const [, scheme, token] = /^(\w+) +(.+)$/.exec(value) ?? [];
      if (token) this.add(token);
      if (token && scheme?.toLowerCase() === 'basic') {
        const pair = Buffer.from(token, 'base64').toString();
        this.add(pair.slice(pair.indexOf(':') + 1));
      }
    }
    return this;
  }

  add(secret: string): this {
    if (secret.length < shortestSecret) return this;
    for (const form of [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams([['', secret]]).toString().slice(1),
    ]) {
      this.#secrets.add(form);
    }
    return this;
  }

  text(text: string): string {
    let clean = text;
    // The longest first: one secret may be part of another.
    for (const secret of [...this.#secrets].sort((a, b) => b.length - a.length)) {
      clean = clean.replaceAll(secret, mask);
    }
    return clean;
  }

  /** An error of another library, as far as it may leave: its text and code, and its causes likewise. */
  cause(error: unknown, depth = 0): Error | undefined {
    if (!(error instanceof Error) || depth > 3) return undefined;
    const clean: Error & { code?: unknown } = new Error(this.text(error.message), {
      cause: this.cause(error.cause, depth + 1),
    });
    clean.name = error.name;
    if ('code' in error && typeof error.code === 'string') clean.code = error.code;
    return clean;
  }
}
