import { type ConfigObject, type ConfigPath, isConfigObject, isWithin } from './config-path.js';

/** Where a value came from. Values without an origin stand in the config file. */
export interface ValueOrigin {
  readonly source: 'secret' | 'environment' | 'environment file' | '.env' | '.env file' | 'command line';
  readonly variable: string | null;
  /** The `.env` file and line, where it stands there. */
  readonly file: string | null;
  readonly line: number | null;
}

/** The values of a configuration before they are checked, each with its origin. */
export class ConfigValues {
  #root: ConfigObject;
  readonly #origins: { path: ConfigPath; origin: ValueOrigin }[] = [];
  readonly #broken: ConfigPath[] = [];
  readonly #hidden: ConfigPath[] = [];

  constructor(root: ConfigObject) {
    this.#root = root;
  }

  get root(): ConfigObject {
    return this.#root;
  }

  /** Every value that does not stand in the file. */
  get origins(): readonly { readonly path: ConfigPath; readonly origin: ValueOrigin }[] {
    return this.#origins;
  }

  /**
   * Sets a value, making the objects around it. Returns false, and changes nothing, where something other than an
   * object is in the way: the schema then refuses that.
   */
  set(path: ConfigPath, value: unknown, origin: ValueOrigin): boolean {
    let node: ConfigObject = this.#root;
    for (const step of path.slice(0, -1)) {
      node[step] ??= {};
      const next = node[step];
      if (!isConfigObject(next)) return false;
      node = next;
    }
    const last = path.at(-1);
    if (last === undefined) return false;
    node[last] = value;
    this.#origins.push({ path, origin });
    return true;
  }

  /** Where the value at `path` came from; undefined for the file. */
  originOf(path: ConfigPath): ValueOrigin | undefined {
    return this.#origins.findLast((entry) => isWithin(path, entry.path))?.origin;
  }

  /** Marks a value that came out of a file of its own: it may be a secret whatever its field says. */
  hide(path: ConfigPath): void {
    this.#hidden.push(path);
  }

  /** True for a value that must not be shown. */
  isHidden(path: ConfigPath): boolean {
    return this.#hidden.some((hidden) => isWithin(path, hidden));
  }

  /** Takes a value out that already has its problem, so that no second one is made of it. */
  drop(path: ConfigPath): void {
    this.#broken.push(wholeList(path));
    this.#root = withoutPath(this.#root, path);
  }

  /** True where a problem about `path` would only repeat one that is known. */
  isBroken(path: ConfigPath): boolean {
    return this.#broken.some((broken) => isWithin(path, broken));
  }
}

/** A copy without the value at `path`; of a list with a bad item, nothing is left, as its positions would shift. */
export function withoutPath(root: ConfigObject, path: ConfigPath): ConfigObject {
  const [step, ...rest] = wholeList(path);
  if (step === undefined || !Object.hasOwn(root, step)) return root;
  const { [step]: child, ...others } = root;
  if (rest.length === 0) return others;
  return isConfigObject(child) ? { ...others, [step]: withoutPath(child, rest) } : root;
}

function wholeList(path: ConfigPath): ConfigPath {
  const index = path.findIndex((step) => typeof step === 'number');
  return index === -1 ? path : path.slice(0, index);
}
