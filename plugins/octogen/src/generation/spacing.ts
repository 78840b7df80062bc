/**
 * Puts songs into an order where two of one artist have at least `gap` others between them, or as many as the mix
 * of artists allows. Apart from that the given order stays: what must wait is put in as soon as it may.
 */
export function spaceArtists<T>(songs: readonly T[], artistOf: (song: T) => string | null, gap: number): T[] {
  const artists = songs.map(artistOf);
  for (let spacing = gap; spacing > 0; spacing--) {
    const placed = place(artists, spacing);
    if (placed) return placed.map((index) => songs[index]!);
  }
  return [...songs];
}

/** Indices in playing order, or null where no order keeps `gap`. */
function place(artists: readonly (string | null)[], gap: number): number[] | null {
  const remaining = new Map<string, number>();
  for (const artist of artists) if (artist !== null) remaining.set(artist, (remaining.get(artist) ?? 0) + 1);
  if (!isFeasible(remaining, artists.length, new Map(), gap)) return null;
  const waiting = artists.map((_, index) => index);
  /** Songs that must still pass before an artist may come again. */
  const cooling = new Map<string, number>();
  const placed: number[] = [];
  while (waiting.length > 0) {
    const at = waiting.findIndex((index) => {
      const artist = artists[index]!;
      if (artist === null) return isFeasible(remaining, waiting.length - 1, step(cooling, null, gap), gap);
      if (cooling.has(artist)) return false;
      remaining.set(artist, remaining.get(artist)! - 1);
      const feasible = isFeasible(remaining, waiting.length - 1, step(cooling, artist, gap), gap);
      remaining.set(artist, remaining.get(artist)! + 1);
      return feasible;
    });
    const index = waiting.splice(at, 1)[0]!;
    const artist = artists[index]!;
    if (artist !== null) remaining.set(artist, remaining.get(artist)! - 1);
    const next = step(cooling, artist, gap);
    cooling.clear();
    for (const [name, left] of next) cooling.set(name, left);
    placed.push(index);
  }
  return placed;
}

/** The waits after one more song has been placed. */
function step(cooling: ReadonlyMap<string, number>, placed: string | null, gap: number): Map<string, number> {
  const next = new Map<string, number>();
  for (const [artist, left] of cooling) if (left > 1) next.set(artist, left - 1);
  if (placed !== null) next.set(placed, gap);
  return next;
}

/**
 * Whether `length` places can be filled with what remains. Tried by placing, at every step, the artist with the most
 * songs left among those that may come, and songs without an artist where none may.
 */
function isFeasible(
  remaining: ReadonlyMap<string, number>,
  length: number,
  cooling: ReadonlyMap<string, number>,
  gap: number,
): boolean {
  const queue: { artist: string; left: number; free: number }[] = [];
  let counted = 0;
  for (const [artist, left] of remaining) {
    if (left > 0) queue.push({ artist, left, free: cooling.get(artist) ?? 0 });
    counted += left;
  }
  let loose = length - counted;
  for (let at = 0; at < length; at++) {
    let next: (typeof queue)[number] | undefined;
    for (const entry of queue) {
      if (entry.left === 0 || entry.free > at) continue;
      if (!next || entry.left > next.left) next = entry;
    }
    if (next) {
      next.left--;
      next.free = at + gap + 1;
    } else if (loose > 0) {
      loose--;
    } else {
      return false;
    }
  }
  return true;
}
