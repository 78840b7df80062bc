import type { LogLine } from './log-line.js';

const mask = '***';
/** A shorter secret is hidden only where it is the whole value: replaced anywhere it would garble every line. */
const minLength = 4;
const maxText = 8_192;
const maxDepth = 8;

const secretKeys = new Set(
  [
    'authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'x-api-key',
    'api-key',
    'apikey',
    'password',
    'passwd',
    'secret',
    'client-secret',
    'token',
    'access-token',
    'refresh-token',
    'x-auth-token',
  ].map(plainKey),
);

const patterns: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${mask}`],
  [
    /([?&](?:api[_-]?key|access_token|refresh_token|token|password|passwd|secret)=)[^&#\s"'\\]+/gi,
    `$1${mask}`,
  ],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^/?#\s"'@\\]+@/gi, `$1${mask}@`],
];

/** Fields that name things of the host and never hold a secret, even when one is spelled the same. */
const plainFields = new Set(['timestamp', 'level', 'logger', 'plugin', 'job', 'run']);

/**
 * Removes secrets from what is about to be shown: the values it was told, wherever they stand and however a URL
 * writes them; the values of fields named like credentials; and what looks like credentials in a text.
 */
export class Redactor {
  readonly #exact = new Set<string>();
  readonly #anywhere = new Set<string>();
  #pattern: RegExp | undefined;

  constructor(secrets: readonly string[] = []) {
    this.add(secrets);
  }

  add(secrets: readonly string[]): void {
    for (const secret of secrets) {
      if (secret === '') continue;
      this.#exact.add(secret);
      if (secret.length < minLength) continue;
      for (const form of spellings(secret)) this.#anywhere.add(form);
    }
    // Longest first: one secret may begin another.
    const longestFirst = [...this.#anywhere].sort((a, b) => b.length - a.length);
    this.#pattern =
      longestFirst.length > 0 ? new RegExp(longestFirst.map(literal).join('|'), 'g') : undefined;
  }

  /** Also fit for JSON as text: what is removed never includes a quote or an escape. */
  text(text: string): string {
    if (this.#exact.has(text)) return mask;
    let clean = this.#pattern ? text.replace(this.#pattern, mask) : text;
    for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
    return clean;
  }

  /** A whole line, its texts cut to a length that a log can hold. */
  line(line: LogLine): LogLine {
    const clean: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(line)) {
      clean[field] = plainFields.has(field) ? value : this.#field(field, value, 0);
    }
    return clean as LogLine;
  }

  #field(key: string, value: unknown, depth: number): unknown {
    if (secretKeys.has(plainKey(key)) && value !== null && typeof value !== 'boolean') return mask;
    return this.#value(value, depth);
  }

  #value(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return clip(this.text(value));
    if (typeof value === 'number') return this.#exact.has(String(value)) ? mask : value;
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= maxDepth) return '…';
    if (Array.isArray(value)) return value.map((item) => this.#value(item, depth + 1));
    const clean: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value))
      clean[clip(this.text(key))] = this.#field(key, item, depth + 1);
    return clean;
  }
}

function clip(text: string): string {
  return text.length > maxText
    ? `${text.slice(0, maxText)}… (${text.length - maxText} more characters)`
    : text;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** `accessToken`, `access_token` and `Access-Token` alike. */
function plainKey(key: string): string {
  return key.toLowerCase().replaceAll(/[_-]/g, '');
}

/** A secret as it stands in JSON, in a URL, in a form body, and as Subsonic's `enc:` hexadecimal. */
function spellings(secret: string): string[] {
  const encoded = encodeURIComponent(secret.toWellFormed());
  const hex = Buffer.from(secret).toString('hex');
  const json = JSON.stringify(secret).slice(1, -1);
  return [secret, json, encoded, encoded.replaceAll('%20', '+'), hex];
}
