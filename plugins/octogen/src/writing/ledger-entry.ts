import type { PickReason } from '../generation/ranked-list.js';

/** A song as it stands on a list of ours. */
export interface LedgerSong {
  id: string;
  title: string;
  artist: string;
  album: string | null;
  durationMs: number | null;
  reason: PickReason;
}

/** A list to be written. */
export interface WantedList {
  /** Which of our lists it is, and its name unless the user has one of that name. */
  list: string;
  about: string;
  short: string | null;
  songs: readonly LedgerSong[];
}

/** A list of ours on a server. */
export interface LedgerEntry extends WantedList {
  /** The server's id: what makes the list ours, whatever its name has become. */
  playlistId: string;
  /** The name we gave it. */
  name: string;
  /** Milliseconds since the epoch. */
  writtenAt: number;
}

/** What a list of ours held before it was written. */
export interface ListVersion {
  id: string;
  /** As the server had them, with whatever the user changed. */
  songIds: string[];
  /** As far as we had chosen them. */
  songs: LedgerSong[];
  replacedAt: number;
}

/** What is about to be done on the server, recorded before, so that the next run knows what a dead one left. */
export type Intent =
  | { action: 'create'; name: string; wanted: WantedList; known: string[] }
  | { action: 'replace'; name: string; playlistId: string; wanted: WantedList; before: string[] }
  | { action: 'undo'; name: string; playlistId: string; wanted: WantedList; version: string }
  | { action: 'delete'; playlistId: string };
