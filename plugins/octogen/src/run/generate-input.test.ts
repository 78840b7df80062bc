import { describe, expect, it } from 'vitest';
import { generateInput } from './generate-input.js';

describe('generateInput', () => {
  it('means a full run by nothing at all', () => {
    expect(generateInput.parse({})).toEqual({ dryRun: false, seed: 0 });
  });

  it('takes names of lists in any case', () => {
    expect(generateInput.parse({ playlists: ['discovery', ' Daily mix 3 '] }).playlists).toEqual([
      'Discovery',
      'Daily Mix 3',
    ]);
  });

  it.each([
    ['Discovry', 'Discovery'],
    ['Chill', 'Chill Vibes'],
    ['Daily Mix 9', 'Daily Mix'],
    ['Worko', 'Workout Energy'],
  ])('suggests a near name for %j', (name, near) => {
    const result = generateInput.safeParse({ playlists: [name] });
    expect(result.error?.issues[0]?.path).toEqual(['playlists', 0]);
    expect(result.error?.issues[0]?.message).toContain(`did you mean "${near}`);
  });

  it.each([{ playlists: [] }, { seed: 1.5 }, { dryRun: 'yes' }, { dry: true }])('refuses %j', (input) => {
    expect(generateInput.safeParse(input).success).toBe(false);
  });
});
