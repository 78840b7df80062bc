import type { HttpMount } from './http-mount.js';
import {
  describeMount,
  type MountDocument,
  mergeDocuments,
  type OpenApiDocument,
  type OpenApiOptions,
} from './open-api.js';

/** The mounts that the document covers; null names the host's own. */
type MountSource = () => readonly { plugin: string | null; mount: HttpMount }[];

interface Described {
  revision: number;
  document: Promise<MountDocument>;
}

/** The OpenAPI document of everything that is mounted, made when asked for and kept until routes change. */
export class ApiDocument {
  readonly #options: OpenApiOptions;
  readonly #mounts: MountSource;
  readonly #described = new WeakMap<HttpMount, Described>();

  constructor(options: OpenApiOptions, mounts: MountSource) {
    this.#options = options;
    this.#mounts = mounts;
  }

  async build(): Promise<OpenApiDocument> {
    const mounts = this.#mounts().map(({ plugin, mount }) =>
      this.#describe(mount, plugin === null ? '' : `/api/plugins/${plugin}`),
    );
    return mergeDocuments(this.#options, await Promise.all(mounts));
  }

  async #describe(mount: HttpMount, prefix: string): Promise<MountDocument> {
    await mount.settled();
    const known = this.#described.get(mount);
    if (known?.revision === mount.revision) return known.document;
    const described = { revision: mount.revision, document: describeMount(mount, prefix) };
    this.#described.set(mount, described);
    described.document.catch(() => this.#described.delete(mount));
    return described.document;
  }
}
