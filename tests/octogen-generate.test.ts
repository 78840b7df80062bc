import type { RunRecord } from '@atoll/sdk';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GenerationResult } from '../plugins/octogen/src/run/generation-result.js';
import { skipWithout } from './peers/missing-programs.js';
import { musicLibrary } from './peers/music-library.js';
import { Supysonic, supysonicPrograms } from './peers/supysonic.js';
import { SupysonicApi } from './peers/supysonic-api.js';
import { AtollFolder } from './support/atoll-folder.ts';
import type { HostProcess } from './support/host-process.ts';
import { waitFor } from './support/wait-for.ts';

describe.skipIf(skipWithout(...supysonicPrograms, 'ffmpeg'))('playlists on a real supysonic', () => {
  let supysonic: Supysonic;
  let api: SupysonicApi;
  let folder: AtollFolder;
  let songs: number;

  beforeAll(async () => {
    const music = await musicLibrary();
    songs = music.songs.length + 1;
    supysonic = await Supysonic.start({ music: music.dir });
    api = new SupysonicApi(supysonic);
  });
  afterAll(() => supysonic?.stop());

  beforeEach(() => {
    folder = new AtollFolder();
  });
  afterEach(async () => {
    await folder[Symbol.asyncDispose]();
    await api.deletePlaylists();
  });

  const env = () => ({
    NAVIDROME_URL: supysonic.url,
    NAVIDROME_USER: supysonic.username,
    NAVIDROME_PASSWORD: supysonic.password,
    // The same lists at any hour of the day.
    TIMEOFDAY_ENABLED: 'false',
  });
  const start = (): Promise<HostProcess> => folder.start({ env: env() });

  async function generate(host: HostProcess, input: object = {}): Promise<GenerationResult> {
    const run = await host.runIn('finished', await host.accept('octogen/generate', input));
    expect(run).toMatchObject({ outcome: 'succeeded', error: null });
    return run.result as GenerationResult;
  }

  /** Every list is whole: as long as planned, and just as a further run would have it. */
  async function expectWhole(host: HostProcess): Promise<void> {
    const again = await generate(host, { dryRun: true });
    expect(again.stats).toMatchObject({
      playlists_unchanged: 11,
      playlists_created: 0,
      playlists_updated: 0,
    });
    const names = (await api.playlists()).map((list) => list.name);
    expect(new Set(names).size).toBe(names.length);
  }

  it('reads the library, makes the lists, and updates the same lists in later runs', async () => {
    const host = await start();
    const first = await generate(host);
    expect(songs).toBeGreaterThanOrEqual(300);
    expect(await host.call('/api/plugins/octogen/stats')).toMatchObject({ cache_size: songs });
    const lists = await api.playlists();
    expect(lists.map((list) => [list.name, list.id]).sort()).toEqual(
      first.playlists.map((list) => [list.name, list.id]).sort(),
    );
    const held = (await Promise.all(lists.map((list) => api.songIds(list.id)))).flat();
    expect(new Set(held).size).toBe(held.length);
    expect(held.length).toBeGreaterThan(150);
    for (const list of first.playlists)
      expect(list.short === null).toBe(list.added >= (list.name === 'Discovery' ? 50 : 30));

    const second = await generate(host);
    expect(second.stats).toMatchObject({ playlists_unchanged: 11 });
    expect(await api.playlists()).toEqual(lists);

    const [disliked] = held;
    await api.call('setRating', { id: disliked ?? '', rating: '1' });
    const third = await generate(host);
    expect(third.playlists.map((list) => list.id)).toEqual(first.playlists.map((list) => list.id));
    expect(third.stats.songs_skipped_low_rating).toBe(1);
    const now = (await Promise.all(lists.map((list) => api.songIds(list.id)))).flat();
    expect(now).not.toContain(disliked);
    const added = third.playlists.reduce((sum, list) => sum + list.added, 0);
    expect(added).toBeLessThan(held.length / 5);
    await api.call('setRating', { id: disliked ?? '', rating: '0' });
  });

  it("leaves a user's own list of the same name as it is", async () => {
    const [song = ''] = await api.someSongs();
    await api.call('createPlaylist', { name: 'Discovery', songId: song });
    const [own] = await api.playlists();
    const host = await start();
    const result = await generate(host);
    await generate(host, { seed: 3 });
    expect(result.playlists[0]).toMatchObject({ name: 'Discovery (Atoll)' });
    expect(await api.songIds(own?.id ?? '')).toEqual([song]);
    expect((await api.playlists()).filter((list) => list.name.startsWith('Discovery'))).toHaveLength(2);
  });

  it('changes nothing in a dry run from the command line', async () => {
    const host = await start();
    await generate(host, { playlists: ['Discovery', 'Drive Time'] });
    const before = await api.everything();
    const { code, stdout } = await folder.cliWith(
      { ...env(), ATOLL_URL: host.url, ATOLL_TOKEN: host.token },
      'octogen',
      'generate',
      '--dry-run',
      '--seed',
      '4',
    );
    expect(stdout).toMatch(/^Dry run: nothing was changed\./m);
    expect(stdout).toMatch(/^Daily Mix 1 +new +\+\d+/m);
    expect(code).toBe(0);
    expect(await api.everything()).toEqual(before);
  });

  it('makes a list anew that the user has deleted', async () => {
    const host = await start();
    const first = await generate(host);
    await api.call('deletePlaylist', { id: first.playlists[0]?.id ?? '' });
    const second = await generate(host);
    expect(second.playlists[0]).toMatchObject({ name: 'Discovery', created: true });
    await expectWhole(host);
  });

  it('leaves no half list after the music server was killed in the middle of writing', async () => {
    const host = await start();
    const runId = await host.accept('octogen/generate');
    await waitFor('some lists', async () => (await api.playlists()).length >= 3);
    await supysonic.kill();
    await host.runIn('finished', runId);
    await supysonic.run();
    await host.call('/api/v1/resilience/octogen/subsonic/reset', { method: 'POST' });
    await generate(host);
    await expectWhole(host);
  });

  it.each([
    ['killed', (host: HostProcess) => host.kill()],
    ['told to stop', (host: HostProcess) => host.stop()],
  ])('leaves no half list after the host was %s in the middle of writing', async (_, end) => {
    const host = await start();
    await host.accept('octogen/generate');
    await waitFor('some lists', async () => (await api.playlists()).length >= 3);
    await end(host);
    const next = await start();
    // The run that was cut off runs again by itself.
    await waitFor('the run made up for', async () => {
      const { items } = await next.call<{ items: RunRecord[] }>('/api/v1/runs?job=octogen%2Fgenerate');
      return (
        items.every((run) => run.state === 'finished') && items.some((run) => run.outcome === 'succeeded')
      );
    });
    await expectWhole(next);
    expect(await api.playlists()).toHaveLength(11);
  });
});
