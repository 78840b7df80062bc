/**
 * Chance that depends on names alone. Nothing is drawn in sequence, so a song that comes or goes changes no other
 * song's number, and the same names give the same numbers on every machine.
 */

/** A 32-bit hash of `text` (FNV-1a, then the finalizer of MurmurHash3, so that close texts end far apart). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash ^= text.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  return scramble(hash);
}

/** A number in [0, 1) from two hashes. */
export function chance(a: number, b: number): number {
  return scramble(a ^ Math.imul(b, 0x9e3779b1)) / 0x1_0000_0000;
}

function scramble(value: number): number {
  let hash = value;
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0;
}
