import { describe, expect, it } from 'vitest';
import { listNames } from './generation/list-definition.js';
import { OctogenHost } from './octogen-host.fixture.js';
import { supysonicProfile } from './server/fake-subsonic-profile.fixture.js';

/** The lists of a run at noon. */
const noonLists = listNames.filter((name) => !['Morning Mix', 'Evening Chill', 'Night Vibes'].includes(name));

describe('octogen/generate', () => {
  it('reads the library and writes every list of the hour', async () => {
    await using octogen = await OctogenHost.start();
    const result = await octogen.generate();
    expect([...octogen.lists.keys()].sort()).toEqual([...noonLists].sort());
    expect(result.playlists.map((list) => list.name)).toEqual(noonLists);
    for (const list of result.playlists) {
      expect(list).toMatchObject({ created: true, removed: 0, moved: 0, kept: 0 });
      expect(octogen.lists.get(list.name)).toHaveLength(list.added);
    }
    expect(result.sources.offline).toMatchObject({ success: true, reason: null });
    expect(result.sources.timeofday_playlist).toMatchObject({ success: true, playlists: 1 });
    expect(result.sources).not.toHaveProperty('ai_playlists');
    expect(result.stats).toMatchObject({ playlists_created: 12, playlists_failed: 0, ai_calls: 0 });
  });

  it.each(['navidrome', 'supysonic'])('writes nothing at all when nothing changed (%s)', async (product) => {
    await using octogen = await OctogenHost.start({
      server: product === 'supysonic' ? { profile: supysonicProfile } : {},
    });
    await octogen.generate();
    const before = structuredClone([...octogen.subsonic.playlists]);
    const writes = octogen.subsonic.count('createPlaylist');
    const result = await octogen.generate();
    expect([...octogen.subsonic.playlists]).toEqual(before);
    expect(octogen.subsonic.count('createPlaylist')).toBe(writes);
    for (const list of result.playlists) {
      expect(list).toMatchObject({ created: false, added: 0, removed: 0, moved: 0 });
    }
  });

  it('changes little when a song is rated low, and keeps the lists’ ids', async () => {
    await using octogen = await OctogenHost.start();
    const first = await octogen.generate();
    const disliked = octogen.lists.get('Discovery')?.[0] ?? '';
    const song = octogen.subsonic.songs.get(disliked);
    if (song) song.userRating = 1;
    const second = await octogen.generate();
    expect(second.playlists.map((list) => list.id)).toEqual(first.playlists.map((list) => list.id));
    expect([...octogen.lists.values()].flat()).not.toContain(disliked);
    const added = second.playlists.reduce((sum, list) => sum + list.added, 0);
    expect(added).toBeGreaterThan(0);
    expect(added).toBeLessThan(30);
    expect(second.stats.songs_skipped_low_rating).toBe(1);
  });

  it('changes nothing in a dry run, neither there nor here', async () => {
    await using octogen = await OctogenHost.start();
    await octogen.generate({ playlists: ['Discovery'] });
    const before = structuredClone([...octogen.subsonic.playlists]);
    const stats = await octogen.get('stats');
    const lists = await octogen.get('playlists');
    const preview = await octogen.generate({ dryRun: true, seed: 5 });
    expect([...octogen.subsonic.playlists]).toEqual(before);
    expect(await octogen.get('stats')).toEqual(stats);
    expect(await octogen.get('playlists')).toEqual(lists);
    expect(octogen.host.events('octogen.playlists.written')).toHaveLength(1);
    const real = await octogen.generate({ seed: 5 });
    const counts = ({ playlists }: typeof real) => playlists.map(({ id: _id, ...rest }) => rest);
    expect(counts(preview)).toEqual(counts(real));
  });

  it("leaves a user's list of the same name alone", async () => {
    await using octogen = await OctogenHost.start();
    octogen.subsonic.addPlaylist({ name: 'Discovery', songIds: ['song-1-1'] });
    await octogen.generate();
    const result = await octogen.generate({ seed: 1 });
    expect(octogen.lists.get('Discovery')).toEqual(['song-1-1']);
    expect(result.playlists[0]).toMatchObject({ name: 'Discovery (Atoll)', created: false });
  });

  it('makes only the lists that are asked for, with the songs of a full run', async () => {
    await using octogen = await OctogenHost.start();
    const result = await octogen.generate({ playlists: ['chill vibes', 'Drive Time'] });
    expect([...octogen.lists.keys()]).toEqual(['Chill Vibes', 'Drive Time']);
    expect(result.sources).not.toHaveProperty('timeofday_playlist');
    const few = octogen.lists.get('Chill Vibes');
    await octogen.generate();
    expect(octogen.lists.get('Chill Vibes')).toEqual(few);
  });

  it('refuses the name of a list that it does not know, and says the near one', async () => {
    await using octogen = await OctogenHost.start();
    const response = await octogen.host.request('/api/v1/jobs/octogen%2Fgenerate/run', {
      method: 'POST',
      body: { input: { playlists: ['Discvery'] } },
    });
    expect(response.status).toBe(400);
    expect(response.body).toContain('did you mean \\"Discovery\\"?');
  });

  it('replaces the list of one part of the day by that of the next', async () => {
    await using octogen = await OctogenHost.start({ host: { now: Date.UTC(2026, 0, 5, 9) } });
    await octogen.generate();
    const kept = octogen.subsonic.addPlaylist({ name: 'Evening Chill', songIds: ['song-1-1'] });
    expect(octogen.lists.has('Morning Mix')).toBe(true);
    await octogen.host.clock.advance(2 * 3_600_000);
    const result = await octogen.generate();
    expect(octogen.lists.has('Morning Mix')).toBe(false);
    expect(octogen.lists.has('Afternoon Flow')).toBe(true);
    expect(octogen.subsonic.playlists.get(kept)?.songIds).toEqual(['song-1-1']);
    expect(result.stats.playlists_removed).toBe(1);
  });

  it('says why a list of another hour is not made', async () => {
    await using octogen = await OctogenHost.start();
    const result = await octogen.generate({ playlists: ['Night Vibes'] });
    expect(result.playlists).toEqual([]);
    expect(result.sources.timeofday_playlist).toMatchObject({
      success: false,
      reason: 'Night Vibes is not made at this hour; it is time for Afternoon Flow',
    });
  });

  it('leaves every list as it is when the library is empty, and says so', async () => {
    await using octogen = await OctogenHost.start();
    await octogen.generate();
    const before = octogen.lists;
    octogen.subsonic.songs.clear();
    const result = await octogen.generate();
    expect(octogen.subsonic.playlists.size).toBe(before.size);
    for (const list of result.playlists) {
      expect(list).toMatchObject({ created: false, short: 'the library has no songs that may be used' });
    }
    expect(result.sources.offline?.success).toBe(false);
  });

  it('lets one list that cannot be written stop no other', async () => {
    await using octogen = await OctogenHost.start();
    octogen.subsonic.fault({
      method: 'createPlaylist',
      when: (params) => params.get('name') === 'Drive Time',
      kind: 'error',
      code: 0,
      message: 'no',
    });
    const result = await octogen.generate();
    expect(result.playlists).toHaveLength(11);
    expect(result.stats.playlists_failed).toBe(1);
    expect(result.sources.offline).toMatchObject({ success: false });
    expect(result.sources.offline?.reason).toMatch(/^Drive Time was not written: /);
  });

  it('fails with the reason when no list can be written', async () => {
    await using octogen = await OctogenHost.start();
    octogen.subsonic.fault({ method: 'createPlaylist', kind: 'error', code: 50, message: 'read only' });
    const run = await octogen.run();
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'octogen_nothing_written' } });
    expect(run.error?.message).toContain('read only');
    expect(await octogen.get('status')).toMatchObject({ status: 'unhealthy' });
    expect(octogen.host.events('octogen.run.failed')).toHaveLength(1);
  });

  it.each([
    ['a created list', undefined],
    ['a changed list', 1],
  ])('makes %s whole again after the server died in the middle of it', async (_what, seed) => {
    await using octogen = await OctogenHost.start();
    if (seed !== undefined) await octogen.generate();
    const end = octogen.subsonic.fault({ method: 'createPlaylist', skip: 3, kind: 'after' });
    await octogen.runWhileTimePasses({ seed: seed ?? 0 });
    end();
    for (const list of octogen.subsonic.playlists.values()) {
      if (list.name === 'Daily Mix 3') list.songIds = list.songIds.slice(0, 4);
    }
    // The circuit has to close again.
    await octogen.host.clock.advance(120_000);
    const result = await octogen.generate({ seed: seed ?? 0 });
    expect(octogen.subsonic.playlists.size).toBe(12);
    for (const list of result.playlists) {
      expect(octogen.lists.get(list.name)).toHaveLength(list.added + list.moved + list.kept);
    }
    const planned = await octogen.generate({ seed: seed ?? 0, dryRun: true });
    expect(planned.stats.playlists_unchanged).toBe(12);
  });

  it('stops when it is cancelled, and leaves nothing half', async () => {
    await using octogen = await OctogenHost.start();
    let held: (() => void) | undefined;
    octogen.subsonic.onRequest = ({ method }) =>
      method === 'getAlbum' && !held
        ? new Promise<void>((resolve) => {
            held = resolve;
          })
        : undefined;
    const runId = await octogen.host.jobs.start('octogen/generate');
    while (!held) await new Promise((resolve) => setImmediate(resolve));
    await octogen.host.jobs.cancel(runId);
    const run = await octogen.host.jobs.settled(runId);
    held();
    expect(run.outcome).toBe('cancelled');
    expect(octogen.subsonic.playlists.size).toBe(0);
    expect(octogen.host.events('octogen.run.failed')).toEqual([]);
  });

  it('fails with the cure when the password is wrong', async () => {
    await using octogen = await OctogenHost.start();
    await using other = await OctogenHost.start({
      config: { navidrome: { url: octogen.subsonic.url, user: 'alice', password: 'wrong' } },
      also: [new URL(octogen.subsonic.url).host],
    });
    const run = await other.run();
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'auth_required' } });
    expect(run.error?.hint).toBeTruthy();
  });

  it('tells figures and events of what it wrote, and only of that', async () => {
    await using octogen = await OctogenHost.start();
    await octogen.generate();
    await octogen.generate();
    const [event] = octogen.host.events('octogen.playlists.written');
    expect(event?.payload).toMatchObject({
      playlists: expect.arrayContaining([
        { name: 'Discovery', id: expect.any(String), created: true, added: expect.any(Number), removed: 0 },
      ]),
    });
    expect(await octogen.host.metric('octogen_playlists_created_total', { source: 'offline' })).toBe(12);
    expect(
      await octogen.host.metric('octogen_playlists_created_total', { source: 'timeofday_playlist' }),
    ).toBe(1);
    expect(
      await octogen.host.metric('octogen_api_calls_total', { service: 'subsonic', status: 'success' }),
    ).toBeGreaterThan(60);
    expect(await octogen.host.metric('octogen_last_run_timestamp')).toBe(octogen.host.clock.now() / 1000);
  });

  it('runs by its cron expression', async () => {
    await using octogen = await OctogenHost.start({ config: { schedule: '0 16 * * *' } });
    expect(await octogen.get('status')).toMatchObject({
      status: 'scheduled',
      next_run: '2026-01-05T16:00:00.000Z',
    });
    await octogen.host.clock.advance(4 * 3_600_000 + 1_000);
    const [run] = await octogen.host.jobs.runs('octogen/generate');
    expect(run?.trigger).toBe('schedule');
    const settled = await octogen.host.jobs.settled(run?.id ?? '');
    expect(settled.outcome).toBe('succeeded');
    expect(octogen.lists.has('Evening Chill')).toBe(true);
  });
});
