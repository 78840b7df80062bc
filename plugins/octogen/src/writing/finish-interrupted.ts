import { isAtollError, type Logger } from '@atoll/sdk';
import type { MusicServer, RemotePlaylist } from '../server/music-server.js';
import { isStillOurs } from './is-still-ours.js';
import type { Ledger } from './ledger.js';
import type { Intent, WantedList } from './ledger-entry.js';
import { sameSongs, verifySongs } from './verified-songs.js';

type Rewrite = Extract<Intent, { action: 'replace' | 'undo' }>;

/**
 * Finishes what a run began and never ended, because the host or the server died in the middle: adopts lists that
 * were created without us learning their id, completes half-written ones, deletes what was being deleted. What cannot
 * be finished now stays recorded for the next run.
 */
export class FinishInterrupted {
  readonly #server: MusicServer;
  readonly #ledger: Ledger;
  readonly #logger: Logger;

  constructor(server: MusicServer, ledger: Ledger, logger: Logger) {
    this.#server = server;
    this.#ledger = ledger;
    this.#logger = logger;
  }

  /** How many were finished. */
  async run(signal: AbortSignal): Promise<number> {
    let finished = 0;
    for (const { list, intent } of await this.#ledger.intents()) {
      signal.throwIfAborted();
      try {
        await this.#finish(list, intent, signal);
        finished++;
      } catch (err) {
        if (signal.aborted || !isAtollError(err)) throw err;
        this.#logger.warn({ err, list }, 'an interrupted change of this list cannot be finished yet');
      }
    }
    return finished;
  }

  #finish(list: string, intent: Intent, signal: AbortSignal): Promise<void> {
    switch (intent.action) {
      case 'create':
        return this.#finishCreate(intent, signal);
      case 'replace':
      case 'undo':
        return this.#finishRewrite(intent, signal);
      case 'delete':
        return this.#finishDelete(list, intent.playlistId, signal);
    }
  }

  async #finishCreate(intent: Extract<Intent, { action: 'create' }>, signal: AbortSignal): Promise<void> {
    const { name, wanted } = intent;
    const known = new Set(intent.known);
    for (const entry of await this.#ledger.entries()) known.add(entry.playlistId);
    const ids = new Set(wanted.songs.map((song) => song.id));
    for (const playlist of await this.#server.playlists(signal)) {
      if (!playlist.own || playlist.name !== name || known.has(playlist.id)) continue;
      const held = await this.#server.playlistSongIds(playlist.id, signal);
      // A list with other songs is one that the user has made since.
      if (!held?.every((id) => ids.has(id))) continue;
      const server = { playlistId: playlist.id, name };
      await this.#ledger.complete(wanted, server, null);
      this.#logger.info({ playlist: name }, 'adopted a list that an interrupted run had created');
      return this.#finishRewrite({ action: 'replace', ...server, wanted, before: [] }, signal);
    }
    await this.#ledger.dropIntent(wanted.list);
  }

  async #finishRewrite(intent: Rewrite, signal: AbortSignal): Promise<void> {
    const { playlistId, name, wanted } = intent;
    const songIds = wanted.songs.map((song) => song.id);
    const before = intent.action === 'replace' ? intent.before : [];
    const live = await this.#find(playlistId, signal);
    const held = live && (await this.#server.playlistSongIds(playlistId, signal));
    const untouched = before.length > 0 && sameSongs(held, before);
    if (!held || untouched) return this.#ledger.dropIntent(wanted.list);
    const known = (await this.#ledger.find(wanted.list))?.songs.map((song) => song.id) ?? [];
    const written = { name, songIds: [...songIds, ...before, ...known] };
    // An empty one may be what a server that died left of it.
    const ours = held.length === 0 || isStillOurs({ name: live.name, songIds: held }, written);
    if (!ours) return this.#ledger.dropIntent(wanted.list);
    if (!sameSongs(held, songIds)) {
      await this.#ledger.begin(wanted.list, intent);
      await this.#server.replaceSongs(playlistId, songIds, signal);
      await verifySongs(this.#server, this.#logger, { playlistId, name, songIds }, signal);
      this.#logger.info({ playlist: name }, 'completed a list that an interrupted run had left half written');
    }
    await this.#complete(intent, wanted);
  }

  async #complete(intent: Rewrite, wanted: WantedList): Promise<void> {
    const server = { playlistId: intent.playlistId, name: intent.name };
    if (intent.action === 'undo') await this.#ledger.completeUndo(wanted, server, intent.version);
    else await this.#ledger.complete(wanted, server, intent.before.length > 0 ? intent.before : null);
  }

  async #finishDelete(list: string, playlistId: string, signal: AbortSignal): Promise<void> {
    const live = await this.#find(playlistId, signal);
    if (live && live.name === (await this.#ledger.find(list))?.name) {
      await this.#server.deletePlaylist(playlistId, signal);
    }
    await this.#ledger.forget(list);
  }

  async #find(playlistId: string, signal: AbortSignal): Promise<RemotePlaylist | null> {
    const remote = await this.#server.playlists(signal);
    return remote.find((playlist) => playlist.id === playlistId && playlist.own) ?? null;
  }
}
