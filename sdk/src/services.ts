import type { Disposer } from './disposer.js';
import type { Token } from './token.js';

/** Services that plugins offer each other, declared in the manifest's `provides` and `uses`. */
export interface Services {
  provide<T>(token: Token<T>, service: T): Disposer;
  /** The service of a running provider; throws `dependency_missing` naming who would provide it. */
  use<T>(token: Token<T>): T;
}
