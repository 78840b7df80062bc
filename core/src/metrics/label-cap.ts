/** The values of one sample's labels by name. */
export type Labels = Partial<Record<string, string>>;

/** Label sets that one metric may have; every further one is counted under the value `other`. */
export const maxLabelSets = 1000;

/**
 * Bounds the label sets of one metric: each costs memory here and in the database that scrapes, for ever,
 * and one label fed with a song title or an address is enough to exhaust both.
 */
export class LabelCap {
  readonly #names: readonly string[];
  readonly #overflow: Labels;
  readonly #onFull: () => void;
  readonly #seen = new Set<string>();
  #full = false;

  /** @param onFull called once, when the first label set is turned away. */
  constructor(names: readonly string[], onFull: () => void) {
    this.#names = names;
    this.#overflow = Object.freeze(Object.fromEntries(names.map((name) => [name, 'other'])));
    this.#onFull = onFull;
  }

  /** The labels to count under: those given, or all `other` when the metric is full. */
  admit(labels: Labels): Labels {
    if (this.#names.length === 0) return labels;
    const key = this.#keyOf(labels);
    if (this.#seen.has(key)) return labels;
    if (this.#seen.size < maxLabelSets) {
      this.#seen.add(key);
      return labels;
    }
    if (!this.#full) {
      this.#full = true;
      this.#onFull();
    }
    return this.#overflow;
  }

  /** Makes room for another label set in place of one that is gone. */
  forget(labels: Labels): void {
    this.#seen.delete(this.#keyOf(labels));
  }

  /** Forgets what was seen, for a gauge that is filled anew at each collection. */
  clear(): void {
    this.#seen.clear();
  }

  #keyOf(labels: Labels): string {
    let key = '';
    for (const name of this.#names) key += `${labels[name] ?? ''}\u0000`;
    return key;
  }
}
