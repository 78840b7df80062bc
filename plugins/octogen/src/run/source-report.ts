import type { PlannedList } from '../generation/plan-lists.js';
import type { SourceName, SourceResult } from './generation-result.js';

const LONGEST_REASON = 200;

/** What went wrong with, or is to be said of, the sources of a run. */
export interface SourceNotes {
  /** Whether a language model is to be asked at all. */
  ai: boolean;
  /** Why the model brought nothing, or that its earlier answer served; null for nothing to say. */
  aiReason: string | null;
  /** Whether the list of the hour is wanted. */
  timeOfDay: boolean;
  /** Why there is no list of the hour; null when there is one. */
  timeOfDayReason: string | null;
  /** Why lists could not be written, by name. */
  failures: ReadonlyMap<string, string>;
}

/** Accounts for each source by what it really brought; one that brought nothing was no success. */
export function reportSources(
  lists: readonly PlannedList[],
  notes: SourceNotes,
): Partial<Record<SourceName, SourceResult>> {
  const report = (
    among: readonly PlannedList[],
    songs: (list: PlannedList) => number,
    said: string | null,
  ) => {
    const written = among.filter((list) => songs(list) > 0 && !notes.failures.has(list.name));
    const failed = among.flatMap((list) => {
      const failure = songs(list) > 0 ? notes.failures.get(list.name) : undefined;
      return failure === undefined ? [] : [`${list.name} was not written: ${failure}`];
    });
    const reasons = [...(said === null ? [] : [said]), ...failed];
    return {
      success: written.length > 0 && failed.length === 0,
      playlists: written.length,
      songs: written.reduce((sum, list) => sum + songs(list), 0),
      reason: reasons.length === 0 ? null : cut(reasons.join('; ')),
    };
  };
  const offline = report(lists, chosenBy('offline'), null);
  return {
    // Nothing left for the offline engine to fill is no failure of it.
    offline:
      offline.songs === 0 && offline.reason === null && hasSongs(lists)
        ? { ...offline, success: true }
        : offline,
    ...(notes.ai ? { ai_playlists: report(lists, chosenBy('model'), notes.aiReason) } : {}),
    ...(notes.timeOfDay
      ? {
          timeofday_playlist: report(
            lists.filter((list) => list.definition.period !== null),
            (list) => list.songs.length,
            notes.timeOfDayReason,
          ),
        }
      : {}),
  };
}

/** The sources that a list has songs of. */
export function sourcesOf(list: PlannedList): SourceName[] {
  return [
    ...(chosenBy('offline')(list) > 0 ? (['offline'] as const) : []),
    ...(chosenBy('model')(list) > 0 ? (['ai_playlists'] as const) : []),
    ...(list.definition.period === null ? [] : (['timeofday_playlist'] as const)),
  ];
}

const chosenBy =
  (source: 'offline' | 'model') =>
  (list: PlannedList): number =>
    list.songs.filter(({ reason }) => reason.source === source).length;

function hasSongs(lists: readonly PlannedList[]): boolean {
  return lists.some((list) => list.songs.length > 0);
}

function cut(text: string): string {
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON - 1)}…` : text;
}
