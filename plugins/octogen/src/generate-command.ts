import { AtollError, type PluginCommand } from '@atoll/sdk';
import { renderResult } from './render-result.js';
import { type GenerateInput, generateInput } from './run/generate-input.js';
import { generationResult } from './run/generation-result.js';

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
    const input = readInput(options);
    const record = await runJob('octogen/generate', input);
    const result = generationResult.safeParse(record.result);
    if (record.outcome !== 'succeeded' || !result.success) {
      print(record, () => {
        const hint = record.error?.hint ? `\n${record.error.hint}` : '';
        return `The run ended as ${record.outcome}: ${record.error?.message ?? 'no reason given'}${hint}`;
      });
      return 1;
    }
    print(result.data, (made) => renderResult(made, input.dryRun));
    return 0;
  },
};

/** Throws `bad_request` that names the option, before anything is started. */
function readInput(options: Readonly<Record<string, string | boolean | undefined>>): GenerateInput {
  const { playlist, seed, dryRun } = options;
  const input = generateInput.safeParse({
    dryRun: dryRun === true,
    ...(typeof playlist === 'string' ? { playlists: splitNames(playlist) } : {}),
    ...(seed === undefined ? {} : { seed: readSeed(seed) }),
  });
  if (input.success) return input.data;
  const [issue] = input.error.issues;
  const hint = issue?.code === 'custom' ? (issue.params?.hint as unknown) : undefined;
  throw new AtollError('bad_request', `--playlist: ${issue?.message}`, {
    hint: typeof hint === 'string' ? hint : 'For example --playlist "Discovery, Chill Vibes".',
  });
}

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
