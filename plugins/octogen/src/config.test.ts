import { describe, expect, it } from 'vitest';
import { missingSettings, octogenConfig, scheduleOf } from './config.js';

describe('octogenConfig', () => {
  it('has a default for everything', () => {
    const config = octogenConfig.parse({});
    expect(missingSettings(config)).toEqual(['NAVIDROME_URL', 'NAVIDROME_USER', 'NAVIDROME_PASSWORD']);
    expect(config.ai).toMatchObject({ backend: 'gemini', requestTimeout: 300_000, callsPerDay: 1 });
    expect(config.timeOfDay.night).toEqual({ start: 22, end: 4 });
  });

  it.each([
    [{ navidrome: { url: 'music.example' } }, 'navidrome.url'],
    [{ navidrome: { urll: 'http://x' } }, 'navidrome'],
    [{ schedule: 'every day' }, 'schedule'],
    [{ timeOfDay: { morning: { start: 25 } } }, 'timeOfDay.morning.start'],
    [{ ai: { backend: 'skynet' } }, 'ai.backend'],
    [{ playlists: { maxPerArtist: 0 } }, 'playlists.maxPerArtist'],
  ])('refuses %j and names the field', (input, path) => {
    expect(octogenConfig.safeParse(input).error?.issues[0]?.path.join('.')).toBe(path);
  });

  it.each([
    ['', null],
    ['manual', null],
    ['off', null],
    ['0 4 * * *', '0 4 * * *'],
  ])('reads the schedule %j as %j', (schedule, cron) => {
    expect(scheduleOf(octogenConfig.parse({ schedule }))).toBe(cron);
  });
});
