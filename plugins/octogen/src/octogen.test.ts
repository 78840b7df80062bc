import { createTestHost, type TestHost, type TestHostOptions } from '@atoll/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listNames } from './generation/list-definition.js';
import { octogen } from './octogen.js';
import { type GenerationResult, generationResult } from './run/generation-result.js';
import { FakeSubsonic, supysonicProfile } from './server/fake-subsonic.fixture.js';
import { fakeSongs } from './server/fake-subsonic-data.fixture.js';

let subsonic: FakeSubsonic;
let host: TestHost;

async function boot(options: Partial<TestHostOptions> = {}, config: object = {}): Promise<TestHost> {
  const { host: address } = new URL(subsonic.url);
  host = await createTestHost({
    plugins: [octogen],
    network: [address],
    config: {
      octogen: {
        navidrome: { url: subsonic.url, user: subsonic.username, password: subsonic.password },
        ...config,
      },
    },
    ...options,
  });
  return host;
}

async function generate(input: object = {}): Promise<GenerationResult> {
  const run = await host.jobs.run('octogen/generate', input);
  expect(run.error).toBeNull();
  expect(run.outcome).toBe('succeeded');
  return generationResult.strict().parse(run.result);
}

/** What the server holds, by name. */
const lists = () => new Map([...subsonic.playlists.values()].map((list) => [list.name, list.songIds]));

beforeEach(async () => {
  subsonic = await FakeSubsonic.start({ songs: fakeSongs(60, 10) });
});

afterEach(async () => {
  await host?.stop();
  await subsonic.stop();
});

describe('octogen', () => {
  it('reads the library and writes every list of the hour', async () => {
    await boot();
    const result = await generate();
    const names = listNames.filter((name) => !['Morning Mix', 'Evening Chill', 'Night Vibes'].includes(name));
    expect([...lists().keys()].sort()).toEqual([...names].sort());
    expect(result.playlists.map((list) => list.name)).toEqual(names);
    for (const list of result.playlists) {
      expect(list).toMatchObject({ created: true, removed: 0, moved: 0, kept: 0 });
      expect(lists().get(list.name)).toHaveLength(list.added);
    }
    expect(result.sources.offline).toMatchObject({ success: true, reason: null });
    expect(result.sources.timeofday_playlist).toMatchObject({ success: true, playlists: 1 });
    expect(result.sources).not.toHaveProperty('ai_playlists');
  });

  it('says what is missing and stays up without a server', async () => {
    await boot({ config: {} });
    expect(host.plugin('octogen').state).toMatch(/running|degraded/);
    const run = await host.jobs.run('octogen/generate');
    expect(run.error).toMatchObject({ code: 'octogen_not_configured' });
    const services = (await host.request('/api/plugins/octogen/services')).json<
      Record<string, { status: string }>
    >();
    expect(services.navidrome).toEqual({
      status: 'disabled',
      message: 'NAVIDROME_URL, NAVIDROME_USER, NAVIDROME_PASSWORD not set',
      healthy: false,
    });
    expect((await host.request('/api/plugins/octogen/status')).json()).toEqual({
      status: 'unconfigured',
      last_run: null,
      next_run: null,
    });
    expect((await host.request('/api/plugins/octogen/playlists')).json()).toEqual({
      items: [],
      nextCursor: null,
    });
    expect((await host.request('/api/plugins/octogen/playlists/x')).status).toBe(404);
    expect((await host.request('/api/plugins/octogen/stats')).json()).toMatchObject({ cache_size: 0 });
  });

  for (const profile of ['navidrome', 'supysonic'] as const) {
    it(`writes nothing at all when nothing changed (${profile})`, async () => {
      if (profile === 'supysonic') subsonic.profile = supysonicProfile;
      await boot();
      await generate();
      const before = structuredClone([...subsonic.playlists]);
      const calls = subsonic.count('createPlaylist');
      const result = await generate();
      expect([...subsonic.playlists]).toEqual(before);
      expect(subsonic.count('createPlaylist')).toBe(calls);
      for (const list of result.playlists) {
        expect(list).toMatchObject({ created: false, added: 0, removed: 0, moved: 0 });
      }
    });
  }
});
