import { createTestHost } from '@atoll/sdk/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { octogen as definition } from './octogen.js';
import { OctogenHost } from './octogen-host.fixture.js';

const base = '/api/plugins/octogen';

describe('routes of octogen', () => {
  let octogen: OctogenHost;

  beforeAll(async () => {
    octogen = await OctogenHost.start();
    await octogen.generate();
  });
  afterAll(() => octogen[Symbol.asyncDispose]());

  interface Summary {
    id: string;
    name: string;
    songs: number;
  }

  it('pages through the lists', async () => {
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page: { items: Summary[]; nextCursor: string | null } = await octogen.get(
        `playlists?limit=5${query}`,
      );
      names.push(...page.items.map((item) => item.name));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(names).toHaveLength(12);
    expect(new Set(names).size).toBe(12);
  });

  it('refuses a cursor that is none', async () => {
    expect((await octogen.host.request(`${base}/playlists?cursor=xyz`)).status).toBe(400);
  });

  it('tells of a list why each song is on it, by id or name', async () => {
    const { items } = await octogen.get<{ items: Summary[] }>('playlists');
    const [first] = items;
    const list = await octogen.get<{
      name: string;
      songs: { position: number; reason: { text: string } }[];
      previous: unknown;
    }>(`playlists/${first?.id}`);
    expect(list.name).toBe(first?.name);
    expect(list.songs).toHaveLength(first?.songs ?? -1);
    expect(list.songs[0]?.position).toBe(1);
    for (const song of list.songs) expect(song.reason.text).not.toBe('');
    expect(list.previous).toBeNull();
    expect(await octogen.get('playlists/Discovery')).toMatchObject({ list: 'Discovery' });
    expect((await octogen.host.request(`${base}/playlists/none`)).status).toBe(404);
  });

  it('undoes the last change of a list once, and then says that there is nothing left', async () => {
    const before = octogen.lists.get('Discovery');
    await octogen.generate({ seed: 9, playlists: ['Discovery'] });
    expect(octogen.lists.get('Discovery')).not.toEqual(before);
    const changed = await octogen.get<{ previous: { addedIds: string[] } }>('playlists/Discovery');
    expect(changed.previous.addedIds.length).toBeGreaterThan(0);
    const undo = () => octogen.host.request(`${base}/playlists/Discovery/undo`, { method: 'POST' });
    expect((await undo()).json()).toMatchObject({ name: 'Discovery' });
    expect(octogen.lists.get('Discovery')).toEqual(before);
    expect((await undo()).status).toBe(409);
  });

  it('finds songs by words', async () => {
    const { items } = await octogen.get<{ items: { title: string; artist: string }[] }>(
      'library/search?q=tune%203&limit=5',
    );
    expect(items).toHaveLength(5);
    expect(items[0]?.title).toMatch(/Tune 3/);
    expect((await octogen.host.request(`${base}/library/search?q=`)).status).toBe(400);
    expect((await octogen.host.request(`${base}/library/search?q=x&limit=1000`)).status).toBe(400);
  });

  it('matches a name to a song of the library', async () => {
    const match = (body: object) => octogen.host.request(`${base}/match`, { method: 'POST', body });
    const found = await match({ artist: 'Band 1', title: 'Tune 1 of 00001' });
    expect(found.json()).toMatchObject({
      match: { artist: 'Band 1', title: 'Tune 1 of 00001', album: 'Record 00001', score: 1 },
    });
    expect((await match({ artist: 'Nobody', title: 'Nothing' })).json()).toMatchObject({ match: null });
    expect((await match({ artist: 'Band 1' })).status).toBe(400);
    expect((await match({ artist: 'Band 1', title: 'x', year: 1999 })).status).toBe(400);
  });

  it('tells figures and states in the known shapes', async () => {
    expect(await octogen.get('stats')).toEqual({
      cache_size: 600,
      songs_rated: 0,
      low_rated_count: 0,
      last_run: expect.stringMatching(/Z$/),
      next_run: null,
      playlists_created: 12,
    });
    expect(await octogen.get('status')).toEqual({
      status: 'healthy',
      last_run: expect.stringMatching(/Z$/),
      next_run: null,
    });
    const services = await octogen.get<Record<string, { status: string }>>('services');
    expect(Object.keys(services)).toEqual([
      'navidrome',
      'octofiesta',
      'ai',
      'audiomuse',
      'lastfm',
      'listenbrainz',
      'lidarr',
    ]);
    expect(services.ai?.status).toBe('disabled');
    expect(await octogen.get('health')).toMatchObject({ status: 'healthy' });
  });

  it('asks the server at most once a minute, however often it is asked for its state', async () => {
    await octogen.get('services');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const pings = octogen.subsonic.count('ping');
    for (let turn = 0; turn < 5; turn++) await octogen.get('services');
    expect(octogen.subsonic.count('ping')).toBe(pings);
    expect(await octogen.get('services')).toMatchObject({
      navidrome: { status: 'healthy', healthy: true, message: 'navidrome 0.58.0, signed in by token' },
    });
  });
});

describe('octogen without a server', () => {
  it('starts, and says what is missing', async () => {
    await using host = await createTestHost({ plugins: [definition] });
    const get = async (path: string) =>
      (await host.request(`${base}/${path}`)).json<Record<string, unknown>>();
    expect(['running', 'degraded']).toContain(host.plugin('octogen').state);
    const run = await host.jobs.run('octogen/generate');
    expect(run.error).toMatchObject({ code: 'octogen_not_configured' });
    expect((await get('services')).navidrome).toEqual({
      status: 'disabled',
      message: 'NAVIDROME_URL, NAVIDROME_USER, NAVIDROME_PASSWORD not set',
      healthy: false,
    });
    expect(await get('status')).toMatchObject({ status: 'unconfigured' });
    expect(await get('playlists')).toEqual({ items: [], nextCursor: null });
    expect((await host.request(`${base}/playlists/x`)).status).toBe(404);
    expect(await get('stats')).toMatchObject({ cache_size: 0 });
    expect(await get('library/search?q=x')).toEqual({ items: [] });
  });

  it('starts without waiting for a server that hangs', async () => {
    await using octogen = await OctogenHost.start();
    octogen.subsonic.fault({ kind: 'hang' });
    await octogen.host.plugin('octogen').restart();
    expect(octogen.host.plugin('octogen').state).toBe('running');
    expect(await octogen.get('services')).toMatchObject({ navidrome: { status: 'configured' } });
  });
});
