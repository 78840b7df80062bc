import type { CommandContext, RunRecord } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { generateCommand } from './generate-command.js';
import type { GenerationResult } from './run/generation-result.js';

const result: GenerationResult = {
  playlists: [
    { name: 'Discovery', id: '1', created: true, added: 50, removed: 0, moved: 0, kept: 0, short: null },
    {
      name: 'Chill Vibes',
      id: '2',
      created: false,
      added: 2,
      removed: 3,
      moved: 1,
      kept: 20,
      short: 'too little',
    },
    { name: 'Drive Time', id: '3', created: false, added: 0, removed: 0, moved: 0, kept: 30, short: null },
  ],
  sources: { offline: { success: true, playlists: 3, songs: 103, reason: null } },
  stats: {
    playlists_created: 1,
    playlists_updated: 1,
    playlists_unchanged: 1,
    playlists_failed: 0,
    playlists_removed: 0,
    songs_found: 103,
    songs_skipped_low_rating: 0,
    songs_skipped_duplicate: 0,
    duplicates_prevented: 0,
    ai_calls: 0,
    wishes: [],
  },
};

async function run(options: CommandContext['options'], ended: Partial<RunRecord> = {}) {
  const printed: string[] = [];
  const inputs: unknown[] = [];
  const code = await generateCommand.run({
    options,
    args: [],
    request: () => Promise.reject(new Error('not needed')),
    runJob: async (job, input) => {
      inputs.push([job, input]);
      return { outcome: 'succeeded', result, error: null, ...ended } as RunRecord;
    },
    print: (value, render) => void printed.push(render(value)),
  });
  return { code, inputs, text: printed.join('\n') };
}

describe('atoll octogen generate', () => {
  it('passes its options on to the job', async () => {
    const { inputs } = await run({ dryRun: true, seed: '7', playlist: 'Discovery, Chill Vibes,' });
    expect(inputs).toEqual([
      ['octogen/generate', { dryRun: true, seed: 7, playlists: ['Discovery', 'Chill Vibes'] }],
    ]);
  });

  it('prints what changed, list by list', async () => {
    const { code, text } = await run({});
    expect(code).toBe(0);
    expect(text.split('\n')).toEqual([
      'Playlists written.',
      '+ added, - removed, ~ moved, = kept',
      '',
      'Discovery    new      +50',
      'Chill Vibes  changed  +2 -3 ~1 =20  (short: too little)',
      'Drive Time   same     =30',
      '',
      'offline: 103 songs on 3 lists',
    ]);
  });

  it('says of a dry run that nothing was changed', async () => {
    expect((await run({ dryRun: true })).text).toMatch(/^Dry run: nothing was changed\./);
  });

  it('fails with the reason and the cure when the run failed', async () => {
    const error = { code: 'octogen_not_configured', message: 'no server', hint: 'Set NAVIDROME_URL.' };
    const { code, text } = await run({}, { outcome: 'failed', result: null, error });
    expect(code).toBe(1);
    expect(text).toBe('The run ended as failed: no server\nSet NAVIDROME_URL.');
  });

  it('refuses a seed that is no whole number', async () => {
    await expect(run({ seed: 'x' })).rejects.toMatchObject({ code: 'bad_request' });
  });
});
