import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeOpenAi } from './model/fake-openai.fixture.js';
import { OctogenHost } from './octogen-host.fixture.js';

describe('octogen with a language model', () => {
  let openai: FakeOpenAi;

  beforeEach(async () => {
    openai = await FakeOpenAi.start();
  });
  afterEach(() => openai.stop());

  function start(config: object = {}): Promise<OctogenHost> {
    return OctogenHost.start({
      also: [new URL(openai.url).host],
      config: { ai: { apiKey: 'sk-12345678', backend: 'openai', baseUrl: openai.url, ...config } },
    });
  }

  it('writes what the model chose, within the rules', async () => {
    await using octogen = await start();
    const result = await octogen.generate();
    expect(result.sources.ai_playlists).toMatchObject({ success: true, reason: null });
    expect(result.sources.ai_playlists?.songs).toBeGreaterThan(100);
    expect(result.stats).toMatchObject({
      ai_calls: 1,
      wishes: [{ artist: 'Nobody Yet', title: 'Unheard Of' }],
    });
    const songs = [...octogen.lists.values()].flat();
    expect(new Set(songs).size).toBe(songs.length);
    const { songs: discovery } = await octogen.get<{ songs: { reason: { source: string; text: string } }[] }>(
      'playlists/Discovery',
    );
    expect(discovery.find(({ reason }) => reason.source === 'model')?.reason.text).toMatch(
      /^Chosen by gpt-4o-mini: number \d+ of its \d+ for this list\.$/,
    );
    expect(await octogen.host.metric('octogen_ai_tokens_used')).toBe(1234);
    expect(await octogen.get('services')).toMatchObject({
      ai: { status: 'healthy', backend: 'openai', model: 'gpt-4o-mini' },
    });
  });

  it('asks once a day and changes nothing in the second run', async () => {
    await using octogen = await start();
    await octogen.generate();
    const result = await octogen.generate();
    expect(openai.questions).toHaveLength(1);
    expect(result.stats).toMatchObject({ ai_calls: 0, playlists_unchanged: 12 });
    expect(result.sources.ai_playlists).toMatchObject({
      success: true,
      reason: "the answer of today's earlier run was used",
    });
    await octogen.host.clock.advance(24 * 3_600_000);
    await octogen.generate();
    expect(openai.questions).toHaveLength(2);
  });

  it.each(['prose', 'nothing', 'foreign', 'key', 'reset', 'stall', { limit: 1 }, { status: 500 }] as const)(
    'fills every list offline and says so when the model gives %j',
    async (behaviour) => {
      openai.behaviours = [behaviour];
      await using octogen = await start();
      const run = await octogen.runWhileTimePasses();
      expect(run.outcome).toBe('succeeded');
      expect(run.result).toMatchObject({
        sources: { offline: { success: true }, ai_playlists: { success: false, playlists: 0, songs: 0 } },
        stats: { playlists_created: 12 },
      });
      const { sources } = run.result as { sources: { ai_playlists: { reason: string } } };
      expect(sources.ai_playlists.reason).not.toBe('');
      openai.behaviours = ['well'];
      const again = await octogen.generate();
      expect(again.sources.ai_playlists?.success).toBe(true);
    },
  );

  it('does not consume the budget in a dry run, and then does what the dry run said', async () => {
    await using octogen = await start();
    const dry = await octogen.generate({ dryRun: true });
    expect(dry.sources.ai_playlists?.success).toBe(true);
    const again = await octogen.generate({ dryRun: true });
    expect(again.playlists).toEqual(dry.playlists);
    const real = await octogen.generate();
    expect(real.sources.ai_playlists).toMatchObject({
      success: true,
      reason: "the answer of today's earlier dry run was used",
    });
    expect(real.playlists.map(({ id: _id, ...list }) => list)).toEqual(
      dry.playlists.map(({ id: _id, ...list }) => list),
    );
    expect(openai.questions).toHaveLength(1);
    const other = await octogen.generate({ seed: 1 });
    expect(other.sources.ai_playlists).toMatchObject({ success: false, songs: 0 });
  });

  it('sends no key of the music server to the model, and logs none of its own', async () => {
    await using octogen = await start();
    await octogen.generate();
    expect(JSON.stringify(openai.questions)).not.toContain(octogen.subsonic.password);
    expect(JSON.stringify(octogen.host.logs())).not.toContain('sk-12345678');
  });
});
