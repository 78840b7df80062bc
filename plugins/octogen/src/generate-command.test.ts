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
      '',
      'Discovery    new      +50',
      'Chill Vibes  changed  +2 -3 ~1 =20',
      'Drive Time   same     =30',
      '',
      '+ added, - removed, ~ moved, = kept',
      '',
      'Shorter than wanted:',
      '- Chill Vibes: too little',
      '',
      'From the library: 103 songs on 3 lists',
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

  it('stays within eighty columns, and says a reason once for all lists that it holds for', async () => {
    const short = "12 lists share the library's 299 songs, and none stands on two";
    const playlists = Array.from({ length: 12 }, (_, at) => ({
      ...result.playlists[0]!,
      name: `Daily Mix ${at} (Atoll)`,
      short,
    }));
    const reason = 'Drive Time was not written: the music server refused createPlaylist: no room (code 0)';
    const sources = { offline: { success: false, playlists: 1, songs: 1, reason } };
    const { text } = await run({}, { result: { ...result, playlists, sources } });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const read = text.replace(/\n {2}/g, ' ');
    expect(read.split(short)).toHaveLength(2);
    expect(read).toContain(`From the library: 1 song on 1 list (${reason})`);
  });

  it('says that no list was made', async () => {
    const { text } = await run({}, { result: { ...result, playlists: [] } });
    expect(text).toContain('No list was made.');
  });

  it.each([
    [{ seed: 'x' }, '--seed takes a whole number, not "x"', 'For example --seed 7.'],
    [
      { playlist: 'Discvery' },
      '--playlist: there is no list "Discvery"; did you mean "Discovery"?',
      expect.stringMatching(/^The lists are Discovery, Daily Mix 1,/),
    ],
    [{ playlist: ' , ' }, '--playlist: name at least one list', expect.any(String)],
  ])('refuses %j before anything is started', async (options, message, hint) => {
    await expect(run(options)).rejects.toMatchObject({ code: 'bad_request', message, hint });
  });
});
