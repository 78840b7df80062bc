import { AtollError, type Logger } from '@atoll/sdk';
import type { Song } from '../library/song.js';
import type { MusicServer, RemotePlaylist } from '../server/music-server.js';
import { freeName } from './free-name.js';
import { isStillOurs } from './is-still-ours.js';
import type { Ledger } from './ledger.js';
import type { LedgerEntry, WantedList } from './ledger-entry.js';
import { diffPlaylist, type PlaylistDiff } from './playlist-diff.js';
import { restoreSongs } from './restore-songs.js';
import { sameSongs, verifySongs, type WrittenSongs } from './verified-songs.js';

/** What became of one list, or would become of it. */
export interface ListChange extends PlaylistDiff {
  list: string;
  /** As the server shows it. */
  name: string;
  /** Null for a list that does not exist (yet). */
  id: string | null;
  created: boolean;
  /** False where the server already had it so. */
  changed: boolean;
}

/** Where a list stands on the server. */
interface Target {
  remote: RemotePlaylist;
  entry: LedgerEntry;
}

/**
 * Writes lists to a server in place, so that their ids, links and pins last. It touches no list that the ledger does
 * not name as ours, writes nothing where nothing changed, and reads back what it wrote.
 */
export class PlaylistWriter {
  readonly #server: MusicServer;
  readonly #ledger: Ledger;
  readonly #logger: Logger;

  constructor(server: MusicServer, ledger: Ledger, logger: Logger) {
    this.#server = server;
    this.#ledger = ledger;
    this.#logger = logger;
  }

  /** What `write` would do, without doing it. */
  async preview(wanted: WantedList, signal: AbortSignal): Promise<ListChange> {
    return (await this.#compare(wanted, signal)).change;
  }

  /** Makes the list on the server what it should be. A list without songs is left as it is. */
  async write(wanted: WantedList, signal: AbortSignal): Promise<ListChange> {
    const { change, target, before, remote, takeOverFrom } = await this.#compare(wanted, signal);
    if (takeOverFrom !== null) await this.#ledger.takeOver(wanted.list, takeOverFrom);
    if (!change.changed) return change;
    const songIds = wanted.songs.map((song) => song.id);
    if (target) {
      const { id } = target.remote;
      const name = target.entry.name;
      await this.#ledger.begin(wanted.list, { action: 'replace', name, playlistId: id, wanted, before });
      await this.#server.replaceSongs(id, songIds, signal);
      await this.#verify({ playlistId: id, name: change.name, songIds }, signal);
      await this.#ledger.complete(wanted, { playlistId: id, name }, before);
      return change;
    }
    const known = remote.map((playlist) => playlist.id);
    await this.#ledger.begin(wanted.list, { action: 'create', name: change.name, wanted, known });
    const id = await this.#server.createPlaylist(change.name, songIds, signal);
    await this.#verify({ playlistId: id, name: change.name, songIds }, signal);
    await this.#ledger.complete(wanted, { playlistId: id, name: change.name }, null);
    return { ...change, id };
  }

  /**
   * Gives a list of ours back what it held before its last change, as far as its songs still exist. Throws `conflict`
   * where there is nothing to go back to.
   */
  async undo(
    list: string,
    lookUp: (songIds: readonly string[]) => Promise<ReadonlyMap<string, Song>>,
    signal: AbortSignal,
  ): Promise<ListChange> {
    const [version] = await this.#ledger.versions(list);
    if (!version) {
      throw new AtollError('conflict', `"${list}" has no earlier version`, {
        hint: 'Only changes that octogen made to an existing list can be undone.',
      });
    }
    const target = this.#find(await this.#ledger.find(list), await this.#server.playlists(signal));
    const before = target && (await this.#holds(target, signal));
    if (!target || !before) {
      throw new AtollError('conflict', `"${list}" is no longer on the server`, {
        hint: 'The next run makes it anew.',
      });
    }
    const songs = restoreSongs(version, await lookUp(version.songIds));
    const songIds = songs.map((song) => song.id);
    const wanted: WantedList = { list, about: target.entry.about, short: null, songs };
    const server = { playlistId: target.remote.id, name: target.entry.name };
    await this.#ledger.begin(list, { action: 'undo', ...server, wanted, version: version.id });
    if (!sameSongs(before, songIds)) {
      await this.#server.replaceSongs(server.playlistId, songIds, signal);
      await this.#verify({ ...server, songIds }, signal);
    }
    await this.#ledger.completeUndo(wanted, server, version.id);
    return {
      ...diffPlaylist(before, songIds),
      list,
      name: target.remote.name,
      id: target.remote.id,
      created: false,
      changed: true,
    };
  }

  /** Deletes a list of ours. One that the user has renamed is left to the user. Returns whether it was deleted. */
  async remove(list: string, signal: AbortSignal): Promise<boolean> {
    const entry = await this.#ledger.find(list);
    if (!entry) return false;
    const target = this.#find(entry, await this.#server.playlists(signal));
    if (target && target.remote.name === entry.name) {
      await this.#ledger.begin(list, { action: 'delete', playlistId: entry.playlistId });
      await this.#server.deletePlaylist(entry.playlistId, signal);
    } else if (target) {
      this.#logger.info(
        { playlist: target.remote.name },
        'the user renamed this list, so it stays and is theirs',
      );
    }
    await this.#ledger.forget(list);
    return target !== null && target.remote.name === entry.name;
  }

  async #compare(wanted: WantedList, signal: AbortSignal) {
    const remote = await this.#server.playlists(signal);
    const own = await this.#ledger.find(wanted.list);
    let target = this.#find(own, remote);
    let takeOverFrom: string | null = null;
    if (!own) {
      const moved = await this.#findElsewhere(wanted.list, remote, signal);
      if (moved) ({ target, takeOverFrom } = moved);
    }
    const live = target && (await this.#holds(target, signal));
    // Deleted between the two calls, or another list: ours is made anew, like one that the user deleted before.
    if (live === null) target = null;
    const before = live ?? [];
    const after = wanted.songs.map((song) => song.id);
    const ours = new Set((await this.#ledger.entries()).map((entry) => entry.playlistId));
    const change: ListChange = {
      ...(after.length === 0 ? diffPlaylist(before, before) : diffPlaylist(before, after)),
      list: wanted.list,
      name: target?.remote.name ?? freeName(wanted.list, remote, ours),
      id: target?.remote.id ?? null,
      created: !target && after.length > 0,
      changed: after.length > 0 && (!target || !sameSongs(before, after)),
    };
    return { change, target, before, remote, takeOverFrom };
  }

  #find(entry: LedgerEntry | null, remote: readonly RemotePlaylist[]): Target | null {
    const found = entry && remote.find((playlist) => playlist.id === entry.playlistId && playlist.own);
    return entry && found ? { remote: found, entry } : null;
  }

  /** The song ids of a list of ours; null where it is gone, or its id belongs to another list now. */
  async #holds({ remote, entry }: Target, signal: AbortSignal): Promise<string[] | null> {
    const songIds = await this.#server.playlistSongIds(remote.id, signal);
    if (songIds === null) return null;
    const written = { name: entry.name, songIds: entry.songs.map((song) => song.id) };
    if (isStillOurs({ name: remote.name, songIds }, written)) return songIds;
    this.#logger.warn(
      { list: entry.list, playlist: remote.name },
      'the id of this list belongs to another one now, which is left alone; was the server set up anew?',
    );
    return null;
  }

  /** A list that is ours under another address of the same server: same id, still ours, and just the songs we wrote. */
  async #findElsewhere(
    list: string,
    remote: readonly RemotePlaylist[],
    signal: AbortSignal,
  ): Promise<{ target: Target; takeOverFrom: string } | null> {
    for (const { account, entry } of await this.#ledger.elsewhere(list)) {
      const target = this.#find(entry, remote);
      if (!target) continue;
      const live = await this.#server.playlistSongIds(entry.playlistId, signal);
      const written = entry.songs.map((song) => song.id);
      if (live && written.length > 0 && sameSongs(live, written)) return { target, takeOverFrom: account };
    }
    return null;
  }

  #verify(written: WrittenSongs, signal: AbortSignal): Promise<void> {
    return verifySongs(this.#server, this.#logger, written, signal);
  }
}
