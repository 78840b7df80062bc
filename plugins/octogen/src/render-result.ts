import type { GenerationResult, SourceName } from './run/generation-result.js';

/** What every terminal shows in one line. */
const WIDTH = 80;

const sourceTitles: Readonly<Record<SourceName, string>> = {
  offline: 'From the library',
  ai_playlists: 'From the language model',
  timeofday_playlist: 'For the time of day',
};

/** A run as people read it: a line for each list, why some are short, then what each source brought. */
export function renderResult(result: GenerationResult, dryRun: boolean): string {
  const shorts = whyShort(result);
  const sources = Object.entries(result.sources).map(([name, source]) => {
    const brought = `${count(source.songs, 'song')} on ${count(source.playlists, 'list')}`;
    const reason = source.reason === null ? '' : ` (${source.reason})`;
    return wrap(`${sourceTitles[name as SourceName]}: ${brought}${reason}`);
  });
  return [
    dryRun ? 'Dry run: nothing was changed.' : 'Playlists written.',
    '',
    ...listLines(result),
    ...(shorts.length > 0 ? ['', 'Shorter than wanted:', ...shorts] : []),
    '',
    ...sources,
  ].join('\n');
}

function listLines({ playlists }: GenerationResult): string[] {
  if (playlists.length === 0) return ['No list was made.'];
  const width = Math.max(...playlists.map((list) => list.name.length));
  const lines = playlists.map((list) => {
    const counts = [
      list.added > 0 ? `+${list.added}` : '',
      list.removed > 0 ? `-${list.removed}` : '',
      list.moved > 0 ? `~${list.moved}` : '',
      list.kept > 0 ? `=${list.kept}` : '',
    ].filter((part) => part !== '');
    const mark = list.created ? 'new' : list.added + list.removed + list.moved > 0 ? 'changed' : 'same';
    return `${list.name.padEnd(width)}  ${mark.padEnd(7)}  ${counts.join(' ') || 'empty'}`;
  });
  return [...lines, '', '+ added, - removed, ~ moved, = kept'];
}

/** Each reason once, with the lists that it holds for: a small library has one for all. */
function whyShort({ playlists }: GenerationResult): string[] {
  const lists = new Map<string, string[]>();
  for (const { name, short } of playlists) {
    if (short !== null) lists.set(short, [...(lists.get(short) ?? []), name]);
  }
  return [...lists].map(([reason, names]) => wrap(`- ${names.join(', ')}: ${reason}`));
}

/** Breaks between words; further lines are indented. */
function wrap(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `  ${word}`;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
