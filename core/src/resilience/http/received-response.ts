import { type HttpResponse, UpstreamError } from '@atoll/sdk';
import type { z } from 'zod';
import { pageTitle } from './page-title.js';
import type { Redaction } from './redaction.js';

/** Where a response comes from, for the errors of reading it. */
export interface ResponseOrigin {
  plugin: string;
  service: string;
  redaction: Redaction;
  /** Called when the body is not what was expected, so that it is not kept. */
  onInvalid: () => void;
}

const issuesShown = 3;

/** An answer that was received whole. */
export class ReceivedResponse implements HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly #origin: ResponseOrigin;

  constructor(
    answer: { status: number; headers: Readonly<Record<string, string>>; body: Uint8Array },
    origin: ResponseOrigin,
  ) {
    this.status = answer.status;
    this.headers = Object.freeze({ ...answer.headers });
    this.body = answer.body;
    this.#origin = origin;
  }

  text(): string {
    const charset = /charset="?([^";\s]+)/i.exec(this.headers['content-type'] ?? '')?.[1];
    try {
      return new TextDecoder(charset).decode(this.body);
    } catch {
      return new TextDecoder().decode(this.body);
    }
  }

  json<S extends z.ZodType>(schema: S): z.output<S>;
  json(): unknown;
  json(schema?: z.ZodType): unknown {
    const value = this.#parse();
    if (!schema) return value;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const { issues } = result.error;
    const shown = issues
      .slice(0, issuesShown)
      .map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`);
    if (issues.length > issuesShown) shown.push(`and ${issues.length - issuesShown} more`);
    throw this.#invalid(
      `answered with JSON of an unexpected shape (${shown.join('; ')})`,
      'Is it the right service, in a version that is supported?',
    );
  }

  #parse(): unknown {
    const text = this.text();
    try {
      return JSON.parse(text);
    } catch {
      // The parser's own error quotes the body, which may hold what nobody should read; it is not passed on.
    }
    const title = pageTitle(this.headers['content-type'], text);
    if (title !== undefined) {
      throw this.#invalid(
        `answered with a web page${title && ` titled "${title}"`} instead of JSON`,
        'Something in front answers for it (a login page, a reverse proxy), or the URL lacks a path: open the URL in a browser, and let its API through without that login.',
      );
    }
    const what = text.trim() === '' ? 'an empty body' : 'something else';
    throw this.#invalid(`answered with ${what} instead of JSON`, 'Is the URL the right one for its API?');
  }

  #invalid(what: string, hint: string): UpstreamError {
    const { plugin, service, redaction, onInvalid } = this.#origin;
    onInvalid();
    return new UpstreamError('upstream_invalid', redaction.text(`${plugin}: "${service}" ${what}`), {
      plugin,
      service,
      hint,
      upstreamStatus: this.status,
    });
  }
}
