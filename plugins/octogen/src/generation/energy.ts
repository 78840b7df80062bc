/** How a song feels, from 0 to 1, as far as its tags tell. */
export interface Feel {
  /** 0 asleep, 1 at the limit. */
  energy: number;
  /** 0 all singing, 1 no voice at all. */
  instrumental: number;
}

/**
 * Words of genre names, with the energy and the share of instrumental music that is usual for them; the longest word
 * that fits decides. The numbers are judgement, ordered from calm to wild.
 */
const genreFeel: readonly (readonly [word: string, energy: number, instrumental: number])[] = [
  ['sleep', 0.05, 0.9],
  ['drone', 0.1, 0.95],
  ['dark ambient', 0.12, 0.95],
  ['ambient', 0.12, 0.95],
  ['new age', 0.15, 0.9],
  ['meditation', 0.1, 0.9],
  ['lullaby', 0.1, 0.4],
  ['modern classical', 0.2, 0.95],
  ['neoclassical', 0.22, 0.95],
  ['classical', 0.25, 0.9],
  ['chamber', 0.22, 0.9],
  ['piano', 0.22, 0.85],
  ['baroque', 0.3, 0.9],
  ['opera', 0.35, 0.1],
  ['acoustic', 0.25, 0.3],
  ['singer songwriter', 0.28, 0.05],
  ['folk', 0.32, 0.15],
  ['chillout', 0.25, 0.6],
  ['chill', 0.25, 0.6],
  ['lo fi', 0.25, 0.8],
  ['lofi', 0.25, 0.8],
  ['downtempo', 0.3, 0.7],
  ['trip hop', 0.38, 0.45],
  ['lounge', 0.3, 0.6],
  ['bossa nova', 0.32, 0.3],
  ['easy listening', 0.28, 0.4],
  ['soundtrack', 0.35, 0.85],
  ['score', 0.35, 0.9],
  ['vocal jazz', 0.36, 0.05],
  ['smooth jazz', 0.3, 0.7],
  ['jazz', 0.38, 0.65],
  ['fusion', 0.52, 0.75],
  ['swing', 0.6, 0.4],
  ['bebop', 0.55, 0.8],
  ['blues', 0.42, 0.2],
  ['soul', 0.48, 0.05],
  ['r and b', 0.5, 0.05],
  ['gospel', 0.5, 0.02],
  ['country', 0.5, 0.05],
  ['reggae', 0.48, 0.1],
  ['dub', 0.42, 0.6],
  ['dream pop', 0.38, 0.2],
  ['shoegaze', 0.5, 0.2],
  ['post rock', 0.5, 0.85],
  ['post punk', 0.68, 0.05],
  ['slowcore', 0.25, 0.15],
  ['americana', 0.42, 0.05],
  ['alternative', 0.62, 0.08],
  ['indie', 0.55, 0.08],
  ['pop', 0.6, 0.03],
  ['synthpop', 0.65, 0.08],
  ['new wave', 0.65, 0.06],
  ['funk', 0.7, 0.15],
  ['disco', 0.76, 0.08],
  ['latin', 0.68, 0.08],
  ['salsa', 0.75, 0.1],
  ['ska', 0.75, 0.1],
  ['hip hop', 0.65, 0.05],
  ['rap', 0.66, 0.02],
  ['trap', 0.7, 0.1],
  ['grime', 0.78, 0.03],
  ['soft rock', 0.42, 0.05],
  ['yacht rock', 0.45, 0.05],
  ['ballad', 0.3, 0.05],
  ['choral', 0.22, 0.05],
  ['rock', 0.7, 0.06],
  ['hard rock', 0.82, 0.05],
  ['garage rock', 0.8, 0.05],
  ['grunge', 0.75, 0.04],
  ['punk', 0.88, 0.03],
  ['metal', 0.9, 0.08],
  ['hardcore', 0.95, 0.05],
  ['industrial', 0.82, 0.3],
  ['electronic', 0.66, 0.6],
  ['idm', 0.5, 0.9],
  ['deep house', 0.62, 0.6],
  ['house', 0.78, 0.5],
  ['techno', 0.82, 0.85],
  ['trance', 0.83, 0.7],
  ['dubstep', 0.84, 0.6],
  ['drum and bass', 0.9, 0.6],
  ['jungle', 0.88, 0.6],
  ['edm', 0.86, 0.4],
  ['dance', 0.8, 0.25],
  ['breakbeat', 0.78, 0.6],
  ['hardstyle', 0.95, 0.4],
  ['instrumental', 0.45, 1],
];

const longestFirst = [...genreFeel].sort((a, b) => b[0].length - a[0].length || (a[0] < b[0] ? -1 : 1));

const byGenre = new Map<string, Feel | null>();

/** What a genre usually feels like; null for one that no word of the table fits. */
export function feelOfGenre(genre: string): Feel | null {
  let feel = byGenre.get(genre);
  if (feel === undefined) {
    const entry = longestFirst.find(([word]) => ` ${genre} `.includes(` ${word} `));
    feel = entry ? { energy: entry[1], instrumental: entry[2] } : null;
    // The table is the same for ever, but tags are free text: a library of nonsense must not grow this without end.
    if (byGenre.size < 10_000) byGenre.set(genre, feel);
  }
  return feel;
}

const tempoPoints: readonly (readonly [bpm: number, energy: number])[] = [
  [50, 0.1],
  [80, 0.3],
  [100, 0.45],
  [120, 0.62],
  [140, 0.82],
  [170, 0.95],
  [220, 1],
];

/** Energy by tempo alone; null for a tempo that cannot be music's (0, or a broken tag). */
export function energyOfTempo(bpm: number | null): number | null {
  if (bpm === null || !Number.isFinite(bpm) || bpm < 30 || bpm > 300) return null;
  let [fromBpm, fromEnergy] = tempoPoints[0]!;
  if (bpm <= fromBpm) return fromEnergy;
  for (const [toBpm, toEnergy] of tempoPoints) {
    if (bpm <= toBpm)
      return fromEnergy + ((toEnergy - fromEnergy) * (bpm - fromBpm)) / Math.max(1, toBpm - fromBpm);
    [fromBpm, fromEnergy] = [toBpm, toEnergy];
  }
  return 1;
}

/** The feel of a song by genre and tempo; null where neither says anything. */
export function feelOf(song: { genres: readonly string[]; bpm: number | null; title: string }): Feel | null {
  let energy = 0;
  let instrumental = 0;
  let weight = 0;
  // The first tag is the one its tagger found most fitting.
  let share = 1;
  for (const genre of song.genres) {
    const feel = feelOfGenre(genre);
    if (!feel) continue;
    energy += feel.energy * share;
    instrumental += feel.instrumental * share;
    weight += share;
    share *= 0.6;
  }
  const tempo = energyOfTempo(song.bpm);
  if (weight === 0 && tempo === null) return null;
  const byGenres = weight === 0 ? null : energy / weight;
  const mixed = byGenres === null ? tempo! : tempo === null ? byGenres : byGenres * 0.6 + tempo * 0.4;
  return {
    energy: Math.min(1, Math.max(0, mixed + titleShift(song.title))),
    instrumental: weight === 0 ? 0.3 : instrumental / weight,
  };
}

function titleShift(title: string): number {
  if (/\b(acoustic|unplugged|lullaby|ballad|nocturne)\b/i.test(title)) return -0.15;
  if (/\b(remix|club mix)\b/i.test(title)) return 0.08;
  return 0;
}
