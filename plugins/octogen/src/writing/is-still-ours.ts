/** A list of the server's as it is now. */
interface LiveList {
  name: string;
  songIds: readonly string[];
}

/**
 * Whether a list with the id of one of ours is that list. Servers that number their lists give the same ids to others
 * when they are set up anew. A list of the name we gave is ours; one that was renamed has to hold mostly what we put
 * there.
 */
export function isStillOurs(live: LiveList, known: { name: string; songIds: readonly string[] }): boolean {
  if (live.name.trim() === known.name) return true;
  const written = new Set(known.songIds);
  const kept = live.songIds.filter((id) => written.has(id)).length;
  return kept > 0 && kept * 2 >= live.songIds.length;
}
