import type { Principal } from './principal.js';

/** Turns what a request carries into a caller. Synchronous: it stands in the path of every request. */
export interface Authenticator {
  /** The holder of a valid, unexpired token; null for any other. */
  verify(token: string): Principal | null;
}

/** The token of an `Authorization: Bearer …` header; undefined for no header or another scheme. */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length < 8 || authorization.length > 600) return undefined;
  if (!authorization.startsWith('Bearer ') && authorization.slice(0, 7).toLowerCase() !== 'bearer ')
    return undefined;
  return authorization.slice(7).trim() || undefined;
}
