import { AtollError, type PluginCommand } from '@atoll/sdk';
import { type GenerationResult, generationResult } from './run/generation-result.js';

/** `atoll octogen generate`: a run from the command line, and what it changed. */
export const generateCommand: PluginCommand = {
  name: 'generate',
  description: 'Makes the playlists, and says what changed',
  options: [
    { flags: '--dry-run', description: 'say what would change, and change nothing' },
    { flags: '--seed <number>', description: 'another number gives another choice of songs' },
    { flags: '--playlist <names>', description: 'only these lists, separated by commas' },
  ],
  async run({ options, runJob, print }) {
    const record = await runJob('octogen/generate', {
      dryRun: options.dryRun === true,
      ...(typeof options.playlist === 'string' ? { playlists: splitNames(options.playlist) } : {}),
      ...(options.seed === undefined ? {} : { seed: readSeed(options.seed) }),
    });
    const result = generationResult.safeParse(record.result);
    if (record.outcome !== 'succeeded' || !result.success) {
      print(record, () => {
        const hint = record.error?.hint ? `\n${record.error.hint}` : '';
        return `The run ended as ${record.outcome}: ${record.error?.message ?? 'no reason given'}${hint}`;
      });
      return 1;
    }
    print(result.data, (made) => renderResult(made, options.dryRun === true));
    return 0;
  },
};

function splitNames(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function readSeed(text: string | boolean): number {
  const seed = typeof text === 'string' && /^-?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(seed)) return seed;
  throw new AtollError('bad_request', `--seed takes a whole number, not "${text}"`, {
    hint: 'For example --seed 7.',
  });
}

/** A run as people read it: a line for each list, then what each source brought. */
export function renderResult(result: GenerationResult, dryRun: boolean): string {
  const width = Math.max(4, ...result.playlists.map((list) => list.name.length));
  const lines = result.playlists.map((list) => {
    const parts = [
      list.added > 0 ? `+${list.added}` : '',
      list.removed > 0 ? `-${list.removed}` : '',
      list.moved > 0 ? `~${list.moved}` : '',
      list.kept > 0 ? `=${list.kept}` : '',
    ].filter((part) => part !== '');
    const mark = list.created ? 'new' : list.added + list.removed + list.moved > 0 ? 'changed' : 'same';
    const short = list.short === null ? '' : `  (short: ${list.short})`;
    return `${list.name.padEnd(width)}  ${mark.padEnd(7)}  ${parts.join(' ') || 'empty'}${short}`;
  });
  const sources = Object.entries(result.sources).map(([name, source]) => {
    const reason = source.reason === null ? '' : ` (${source.reason})`;
    return `${name}: ${source.songs} songs on ${source.playlists} lists${reason}`;
  });
  return [
    dryRun ? 'Dry run: nothing was changed.' : 'Playlists written.',
    '+ added, - removed, ~ moved, = kept',
    '',
    ...lines,
    '',
    ...sources,
  ].join('\n');
}
