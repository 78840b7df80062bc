import { jsonrepair } from 'jsonrepair';

/** A song that the model named by words. */
export interface NamedSong {
  artist: string;
  title: string;
}

export interface ReadAnswer {
  /** Numbers from 1 by list, in the model's order, each at most once over all lists. */
  lists: Map<string, number[]>;
  /** Songs from outside the library. */
  wishes: NamedSong[];
}

export interface AnswerShape {
  lists: readonly { name: string; size: number }[];
  /** Numbers go from 1 to this. */
  candidates: number;
  wishes: number;
}

/** A list may hold this many times the songs asked for, as alternatives; what is beyond is cut off. */
const SLACK = 2;
const LONGEST_WORDS = 200;

/**
 * Makes the best of what a model said: finds the JSON between prose and fences, repairs it, and keeps of it only what
 * was asked for. Null when there is nothing usable in it.
 */
export function readAnswer(text: string, shape: AnswerShape): ReadAnswer | null {
  const value = findJson(text);
  if (value === undefined) return null;
  const answer: ReadAnswer = { lists: new Map(), wishes: [] };
  const used = new Set<number>();
  for (const [said, entries] of listEntries(value)) {
    const list = shape.lists.find(({ name }) => sameName(name, said));
    if (!list) continue;
    const numbers = answer.lists.get(list.name) ?? [];
    for (const entry of entries) {
      const number = numberOf(entry);
      // Foreign numbers, repeats and what is no number at all.
      if (number === null || number < 1 || number > shape.candidates || used.has(number)) continue;
      if (numbers.length === list.size * SLACK) break;
      used.add(number);
      numbers.push(number);
    }
    if (numbers.length > 0) answer.lists.set(list.name, numbers);
  }
  answer.wishes = readWishes(value, shape.wishes);
  return answer.lists.size === 0 && answer.wishes.length === 0 ? null : answer;
}

function findJson(text: string): unknown {
  // Models that think aloud close with the answer; an unclosed thought never got that far.
  const said = text.replace(/<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/gi, '').trim();
  const fenced = /```(?:json)?\s*([\s\S]*?)(?:```|$)/i.exec(said)?.[1];
  for (const part of fenced === undefined ? [said] : [fenced, said]) {
    const start = part.search(/[{[]/);
    if (start < 0) continue;
    const end = Math.max(part.lastIndexOf('}'), part.lastIndexOf(']'));
    const closed = part.slice(start, end + 1);
    // An answer that breaks off is repaired with its loose end first; what follows a whole one is only prose.
    for (const read of [
      () => JSON.parse(closed),
      () => JSON.parse(jsonrepair(part.slice(start))),
      () => JSON.parse(jsonrepair(closed)),
    ]) {
      const value = attempt(read);
      if (typeof value === 'object' && value !== null && listEntries(value).length > 0) return value;
    }
  }
  return undefined;
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Lists by name out of the shapes that models answer in. */
function listEntries(value: unknown): [name: string, entries: unknown[]][] {
  if (Array.isArray(value)) {
    return value.flatMap((item): [string, unknown[]][] => {
      if (!isObject(item)) return [];
      const name = [item.name, item.playlist, item.title].find((each) => typeof each === 'string');
      const entries = entriesOf(item);
      return name !== undefined && entries ? [[name, entries]] : listEntries(item);
    });
  }
  if (!isObject(value)) return [];
  for (const key of ['lists', 'playlists']) {
    if (isObject(value[key]) || Array.isArray(value[key])) return listEntries(value[key]);
  }
  return Object.entries(value).flatMap(([name, item]): [string, unknown[]][] => {
    const entries = Array.isArray(item) ? item : isObject(item) ? entriesOf(item) : undefined;
    return entries ? [[name, entries]] : [];
  });
}

function entriesOf(item: Record<string, unknown>): unknown[] | undefined {
  return [item.songs, item.tracks, item.numbers, item.indices, item.items].find(Array.isArray);
}

/** `12`, `"12"`, `"#12"`, `"12 | Artist | Title"`, `{"number": 12}`. */
function numberOf(entry: unknown): number | null {
  if (typeof entry === 'number') return Number.isInteger(entry) ? entry : null;
  if (typeof entry === 'string') {
    const digits = /^\s*#?(\d{1,7})(?![\d\p{L}])/u.exec(entry)?.[1];
    return digits === undefined ? null : Number(digits);
  }
  if (!isObject(entry)) return null;
  for (const key of ['number', 'index', 'id', 'n', 'song']) {
    const value = entry[key];
    if (typeof value === 'number' || typeof value === 'string') return numberOf(value);
  }
  return null;
}

function readWishes(value: unknown, limit: number): NamedSong[] {
  if (!isObject(value) || !Array.isArray(value.new)) return [];
  const wishes = new Map<string, NamedSong>();
  for (const entry of value.new) {
    if (wishes.size === limit) break;
    if (!isObject(entry) || typeof entry.artist !== 'string' || typeof entry.title !== 'string') continue;
    const artist = words(entry.artist);
    const title = words(entry.title);
    if (artist !== '' && title !== '') wishes.set(`${artist}\n${title}`.toLowerCase(), { artist, title });
  }
  return [...wishes.values()];
}

function words(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_WORDS);
}

function sameName(a: string, b: string): boolean {
  const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return plain(a) === plain(b);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
