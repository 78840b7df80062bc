import { AtollError } from '@atoll/sdk';
import { type DayPeriod, dayPeriods } from '../generation/day-period.js';
import { periodListName } from '../generation/list-definition.js';
import type { PlannedList } from '../generation/plan-lists.js';
import type { FinishInterrupted } from '../writing/finish-interrupted.js';
import type { WantedList } from '../writing/ledger-entry.js';
import type { ListChange, PlaylistWriter } from '../writing/playlist-writer.js';
import type { RunHandle } from './generator.js';
import { isPassingFailure } from './is-passing-failure.js';

export interface ListsToWrite {
  lists: readonly PlannedList[];
  /** Whose list takes the place of the other parts of the day; null for no change there. */
  period: DayPeriod | null;
  dryRun: boolean;
}

export interface ListsWritten {
  changes: ListChange[];
  /** Messages by list. */
  failures: Map<string, string>;
  /** Lists of other parts of the day that were deleted. */
  removed: number;
}

/** Changes lists on the server: those of a run one by one, where one that fails stops no other, or one back. */
export class WriteLists {
  readonly #writer: PlaylistWriter;
  readonly #interrupted: FinishInterrupted;
  #writing = false;
  #undoing: Promise<unknown> = Promise.resolve();

  constructor(writer: PlaylistWriter, interrupted: FinishInterrupted) {
    this.#writer = writer;
    this.#interrupted = interrupted;
  }

  async run({ lists, period, dryRun }: ListsToWrite, handle: RunHandle): Promise<ListsWritten> {
    if (dryRun) return this.#each(lists, handle, (wanted) => this.#writer.preview(wanted, handle.signal));
    this.#writing = true;
    try {
      await this.#undoing;
      handle.progress(0.75, 'write', 'looking for what an earlier run left unfinished');
      await this.#interrupted.run(handle.signal);
      const written = await this.#each(lists, handle, (wanted) => this.#writer.write(wanted, handle.signal));
      if (period && !written.failures.has(periodListName(period)))
        await this.#rotate(period, written, handle);
      return written;
    } finally {
      this.#writing = false;
    }
  }

  /**
   * Gives a list back what it held before its last change; see `PlaylistWriter.undo`. Several wait for each other.
   * Throws `conflict` while a run writes.
   */
  undo(...[list, lookUp, signal]: Parameters<PlaylistWriter['undo']>): Promise<ListChange> {
    if (this.#writing) {
      throw new AtollError('conflict', 'a run is writing playlists right now', {
        hint: 'Undo when it has finished.',
      });
    }
    const undone = this.#undoing.then(() => this.#writer.undo(list, lookUp, signal));
    this.#undoing = undone.catch(() => undefined);
    return undone;
  }

  async #each(
    lists: readonly PlannedList[],
    handle: RunHandle,
    work: (wanted: WantedList) => Promise<ListChange>,
  ): Promise<ListsWritten> {
    const written: ListsWritten = { changes: [], failures: new Map(), removed: 0 };
    for (const [place, list] of lists.entries()) {
      handle.signal.throwIfAborted();
      handle.progress(0.8 + (0.2 * place) / lists.length, 'write', list.name);
      try {
        written.changes.push(await work(toWanted(list)));
      } catch (err) {
        if (handle.signal.aborted || !isPassingFailure(err)) throw err;
        handle.logger.error({ err, playlist: list.name }, 'this list could not be written');
        written.failures.set(list.name, err instanceof Error ? err.message : String(err));
      }
    }
    return written;
  }

  /** Takes away our lists of the other parts of the day. */
  async #rotate(period: DayPeriod, written: ListsWritten, handle: RunHandle): Promise<void> {
    for (const other of dayPeriods) {
      if (other === period) continue;
      const name = periodListName(other);
      try {
        if (await this.#writer.remove(name, handle.signal)) written.removed++;
      } catch (err) {
        if (handle.signal.aborted || !isPassingFailure(err)) throw err;
        handle.logger.warn({ err, playlist: name }, 'this list of another time of day could not be removed');
      }
    }
  }
}

function toWanted(list: PlannedList): WantedList {
  return {
    list: list.name,
    about: list.about,
    short: list.short,
    songs: list.songs.map(({ song, reason }) => ({
      id: song.id,
      title: song.title,
      artist: song.artist,
      album: song.album,
      durationMs: song.durationMs,
      reason,
    })),
  };
}
