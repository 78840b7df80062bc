import type { AlbumSummary, MusicServer } from '../server/music-server.js';

const PAGE = 500;
const ATTEMPTS = 3;

export interface AlbumListing {
  albums: Map<string, AlbumSummary>;
  /** False where albums kept shifting between pages, so that one may be missing. */
  complete: boolean;
}

/**
 * Lists every album of a server whose library may change meanwhile. Each page overlaps the one before by an album:
 * if that one is not where it was, albums were added or removed before it, and the list is read again.
 */
export async function listAlbums(
  server: Pick<MusicServer, 'albums'>,
  { signal, found }: { signal?: AbortSignal; found?: (albums: number) => void } = {},
): Promise<AlbumListing> {
  const all = new Map<string, AlbumSummary>();
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = all.size;
    const { albums, shifted } = await listOnce(server, signal, found);
    if (!shifted) return { albums, complete: true };
    for (const album of albums.values()) all.set(album.id, album);
    // Servers without a stable order among equal names shift every time; two lists with the same albums will do.
    if (attempt > 1 && all.size === before && albums.size === before) return { albums: all, complete: true };
  }
  return { albums: all, complete: false };
}

async function listOnce(
  server: Pick<MusicServer, 'albums'>,
  signal: AbortSignal | undefined,
  found: ((albums: number) => void) | undefined,
): Promise<{ albums: Map<string, AlbumSummary>; shifted: boolean }> {
  const albums = new Map<string, AlbumSummary>();
  let shifted = false;
  let last: string | undefined;
  let offset = 0;
  for (;;) {
    signal?.throwIfAborted();
    const page = await server.albums(offset, PAGE, signal);
    if (last !== undefined && page[0]?.id !== last) shifted = true;
    const fresh = page.filter((album) => !albums.has(album.id));
    // Some servers cap pages below what is asked, and some repeat the last page: only nothing new is the end.
    if (fresh.length === 0) return { albums, shifted };
    for (const album of fresh) albums.set(album.id, album);
    found?.(albums.size);
    last = page.at(-1)?.id;
    offset += page.length - 1;
  }
}
