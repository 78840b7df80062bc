/** What turns one list of song ids into another, as counts; added + moved + kept is the new length. */
export interface PlaylistDiff {
  added: number;
  removed: number;
  /** In both, on another place relative to the songs that stayed. */
  moved: number;
  /** In both, and where they were relative to each other. */
  kept: number;
}

/** Compares what a list holds with what it is to hold. Repeated ids count one by one. */
export function diffPlaylist(before: readonly string[], after: readonly string[]): PlaylistDiff {
  const places = new Map<string, number[]>();
  before.forEach((id, place) => {
    const known = places.get(id);
    if (known) known.push(place);
    else places.set(id, [place]);
  });
  const shared: number[] = [];
  for (const id of after) {
    const place = places.get(id)?.shift();
    if (place !== undefined) shared.push(place);
  }
  const kept = longestRise(shared);
  return {
    added: after.length - shared.length,
    removed: before.length - shared.length,
    moved: shared.length - kept,
    kept,
  };
}

/** Length of the longest increasing subsequence: the songs that need not move. */
function longestRise(places: readonly number[]): number {
  /** Smallest last place of a rise of each length. */
  const ends: number[] = [];
  for (const place of places) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! < place) low = middle + 1;
      else high = middle;
    }
    ends[low] = place;
  }
  return ends.length;
}
