import { ratio } from '../matching/similarity.js';

/** Every folded artist name of the library in memory, to find those that are like another: some 100 bytes each. */
export class ArtistDirectory {
  /** Names sorted by length without spaces. */
  readonly #names: readonly string[];
  readonly #packed: readonly string[];
  readonly #letters: Uint32Array;
  /** Where each length begins. */
  readonly #starts: Uint32Array;

  constructor(names: readonly string[]) {
    const sorted = names
      .map((name) => ({ name, packed: name.replaceAll(' ', '') }))
      .sort((a, b) => a.packed.length - b.packed.length);
    this.#names = sorted.map(({ name }) => name);
    this.#packed = sorted.map(({ packed }) => packed);
    this.#letters = Uint32Array.from(this.#packed, letterSet);
    this.#starts = new Uint32Array((this.#packed.at(-1)?.length ?? 0) + 2).fill(this.#packed.length);
    for (let at = this.#packed.length - 1; at >= 0; at--) {
      this.#starts[(this.#packed[at] as string).length] = at;
    }
    for (let length = this.#starts.length - 2; length >= 0; length--) {
      this.#starts[length] = Math.min(this.#starts[length] as number, this.#starts[length + 1] as number);
    }
  }

  /** Every name whose similarity to `name` is at least `floor`, and that is not the same. */
  similar(name: string, floor: number): string[] {
    const packed = name.replaceAll(' ', '');
    const size = packed.length;
    if (size === 0) return [];
    // 2·min / (a + b) >= floor bounds the lengths that can pass.
    const shortest = Math.ceil((size * floor) / (2 - floor));
    const longest = Math.min(Math.floor((size * (2 - floor)) / floor), this.#starts.length - 2);
    if (shortest > longest) return [];
    const letters = letterSet(packed);
    const found: string[] = [];
    const end = this.#starts[longest + 1] as number;
    for (let at = this.#starts[shortest] as number; at < end; at++) {
      const other = this.#packed[at] as string;
      const theirs = this.#letters[at] as number;
      // Each letter that only one side has costs that side at least one character.
      const common = Math.min(size - bits(letters & ~theirs), other.length - bits(theirs & ~letters));
      if ((2 * common) / (size + other.length) < floor) continue;
      if (this.#names[at] !== name && ratio(packed, other, floor) >= floor)
        found.push(this.#names[at] as string);
    }
    return found;
  }
}

/** A bit for each letter; letters that share a bit only make the set smaller, which keeps the bound safe. */
function letterSet(text: string): number {
  let set = 0;
  for (let at = 0; at < text.length; at++) set |= 1 << (text.charCodeAt(at) & 31);
  return set >>> 0;
}

function bits(set: number): number {
  let rest = set - ((set >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
