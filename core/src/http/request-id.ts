import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const sane = /^[\w.:-]{1,80}$/;

/** Names requests: by the caller's own `x-request-id` when that is short and plain, else by a counter. */
export class RequestIds {
  readonly #boot = randomBytes(4).toString('hex');
  #count = 0;

  next(request: IncomingMessage): string {
    const given = request.headers['x-request-id'];
    if (typeof given === 'string' && sane.test(given)) return given;
    return `${this.#boot}-${(++this.#count).toString(36)}`;
  }
}
