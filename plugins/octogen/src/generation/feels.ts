import { type Feel, feelOf } from './energy.js';
import type { Recording } from './recording.js';

/** How a recording feels, and how that is known. */
export interface KnownFeel extends Feel {
  /** Its own genre and tempo, or those of the artist's other songs. */
  by: 'tags' | 'artist';
}

/** The feel of each recording, by index; null where neither its tags nor its artist's other songs tell. */
export function findFeels(recordings: readonly Recording[]): (KnownFeel | null)[] {
  const own = recordings.map(({ genres, song }) => feelOf({ genres, bpm: song.bpm, title: song.title }));
  const artists = new Map<string, Feel & { count: number }>();
  recordings.forEach(({ artist }, index) => {
    const feel = own[index];
    if (!feel || artist === null) return;
    const sum = artists.get(artist) ?? { energy: 0, instrumental: 0, count: 0 };
    sum.energy += feel.energy;
    sum.instrumental += feel.instrumental;
    sum.count++;
    artists.set(artist, sum);
  });
  return recordings.map(({ artist }, index) => {
    const feel = own[index];
    if (feel) return { ...feel, by: 'tags' };
    const sum = artist === null ? undefined : artists.get(artist);
    if (!sum) return null;
    return { energy: sum.energy / sum.count, instrumental: sum.instrumental / sum.count, by: 'artist' };
  });
}
