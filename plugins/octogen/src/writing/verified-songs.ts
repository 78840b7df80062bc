import { AtollError, type Logger } from '@atoll/sdk';
import type { MusicServer } from '../server/music-server.js';

export interface WrittenSongs {
  playlistId: string;
  /** For messages. */
  name: string;
  songIds: readonly string[];
}

/**
 * Reads back what was written, and writes once more where the server has something else. Throws
 * `octogen_not_verified` when it still has.
 */
export async function verifySongs(
  server: MusicServer,
  logger: Logger,
  { playlistId, name, songIds }: WrittenSongs,
  signal: AbortSignal,
): Promise<void> {
  if (sameSongs(await server.playlistSongIds(playlistId, signal), songIds)) return;
  logger.warn({ playlist: name }, 'the server kept something else than was written; writing once more');
  await server.replaceSongs(playlistId, songIds, signal);
  const held = await server.playlistSongIds(playlistId, signal);
  if (sameSongs(held, songIds)) return;
  throw new AtollError(
    'octogen_not_verified',
    `the server keeps ${held?.length ?? 'no'} songs in "${name}" where ${songIds.length} were written`,
    { status: 502, hint: 'Songs may have been removed during the run; the next run reads the library anew.' },
  );
}

/** Equal ids in equal order; null, a list that does not exist, equals nothing. */
export function sameSongs(held: readonly string[] | null, wanted: readonly string[]): boolean {
  return held !== null && held.length === wanted.length && held.every((id, at) => id === wanted[at]);
}
