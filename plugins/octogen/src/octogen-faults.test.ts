import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OctogenHost } from './octogen-host.fixture.js';
import { type FakeSong, fakeSongs } from './server/fake-subsonic-data.fixture.js';
import { supysonicProfile } from './server/fake-subsonic-profile.fixture.js';

const HOUR = 3_600_000;
const runPath = '/api/v1/jobs/octogen%2Fgenerate/run';

/** Keeps the first call of a method waiting until it is let go. */
function hold(octogen: OctogenHost, method: string): { held: Promise<void>; release(): void } {
  let release = (): void => undefined;
  const held = new Promise<void>((arrived) => {
    octogen.subsonic.onRequest = (request) => {
      if (request.method !== method) return;
      octogen.subsonic.onRequest = null;
      arrived();
      return new Promise((resolve) => {
        release = resolve;
      });
    };
  });
  return { held, release: () => release() };
}

describe('octogen/generate under faults', () => {
  it('makes lists of songs that lack artist, title, album or length', async () => {
    const bare = (song: FakeSong, at: number): FakeSong => {
      const { id, albumId } = song;
      if (at % 4 === 0) return { id, albumId, album: '', title: '' };
      return at % 4 === 1 ? { ...song, artist: undefined, duration: undefined } : song;
    };
    await using octogen = await OctogenHost.start({ server: { songs: fakeSongs(60, 10).map(bare) } });
    const result = await octogen.generate();
    expect(result.stats).toMatchObject({ playlists_created: 12, playlists_failed: 0 });
    const { songs } = await octogen.get<{ songs: { artist: string }[] }>('playlists/Discovery');
    expect(songs.length).toBeGreaterThan(20);
  });

  it.each(['getAlbumList2', 'getAlbum', 'getPlaylists'])(
    'fails with the server’s words when %s is refused with HTTP 200, and changes nothing',
    async (method) => {
      await using octogen = await OctogenHost.start();
      octogen.subsonic.fault({ method, kind: 'error', code: 50, message: 'not for you' });
      const run = await octogen.run();
      expect(run).toMatchObject({ outcome: 'failed' });
      expect(run.error?.message).toContain(`refused ${method}: not for you (code 50)`);
      expect(octogen.subsonic.playlists.size).toBe(0);
    },
  );

  it('fails when the server hangs in the middle, and goes on from there the next time', async () => {
    await using octogen = await OctogenHost.start();
    const end = octogen.subsonic.fault({ method: 'getAlbum', skip: 50, kind: 'hang' });
    const run = await octogen.runWhileTimePasses();
    expect(run).toMatchObject({ outcome: 'failed', error: { code: 'upstream_timeout' } });
    expect(run.error?.hint).toBeTruthy();
    end();
    await octogen.host.clock.advance(120_000);
    expect((await octogen.generate()).stats.playlists_created).toBe(12);
  });

  it('writes the other lists when songs vanish from the server meanwhile, and makes up for it', async () => {
    await using octogen = await OctogenHost.start({ server: { profile: supysonicProfile } });
    octogen.subsonic.onRequest = ({ method, params }) => {
      const [song] = params.getAll('songId');
      if (method === 'createPlaylist' && params.get('name') === 'Daily Mix 2' && song !== undefined) {
        octogen.subsonic.songs.delete(song);
      }
    };
    const result = await octogen.generate();
    expect(result.stats).toMatchObject({ playlists_created: 11, playlists_failed: 1 });
    expect(result.sources.offline?.reason).toMatch(/^Daily Mix 2 was not written: .*Track not found/);
    octogen.subsonic.onRequest = null;
    expect((await octogen.generate()).stats).toMatchObject({ playlists_created: 1, playlists_failed: 0 });
    for (const [name, ids] of octogen.lists) {
      expect(
        ids.every((id) => octogen.subsonic.songs.has(id)),
        name,
      ).toBe(true);
    }
  });

  it('refuses a second run while one is under way', async () => {
    await using octogen = await OctogenHost.start();
    const { held, release } = hold(octogen, 'getAlbum');
    const runId = await octogen.host.jobs.start('octogen/generate');
    await held;
    const second = await octogen.host.request(runPath, { method: 'POST', body: { input: { dryRun: true } } });
    expect(second.status).toBe(409);
    expect(second.json()).toMatchObject({
      code: 'job_refused',
      detail: expect.stringContaining('octogen/generate'),
    });
    expect(await octogen.get('status')).toMatchObject({ status: 'running' });
    release();
    expect((await octogen.host.jobs.settled(runId)).outcome).toBe('succeeded');
  });

  it('refuses to undo while a run writes, and lets a run wait for an undo', async () => {
    await using octogen = await OctogenHost.start();
    await octogen.generate();
    await octogen.generate({ seed: 1 });
    const undo = () =>
      octogen.host.request('/api/plugins/octogen/playlists/Discovery/undo', { method: 'POST' });
    const writing = hold(octogen, 'createPlaylist');
    const runId = await octogen.host.jobs.start('octogen/generate', { seed: 2 });
    await writing.held;
    expect((await undo()).status).toBe(409);
    writing.release();
    await octogen.host.jobs.settled(runId);

    const undoing = hold(octogen, 'createPlaylist');
    const undone = undo();
    await undoing.held;
    const next = await octogen.host.jobs.start('octogen/generate', { seed: 2 });
    const seen = octogen.subsonic.count('createPlaylist');
    await octogen.host.clock.advance(0);
    expect(octogen.subsonic.count('createPlaylist')).toBe(seen);
    undoing.release();
    expect((await undone).status).toBe(200);
    expect((await octogen.host.jobs.settled(next)).outcome).toBe('succeeded');
    expect((await octogen.generate({ seed: 2 })).stats).toMatchObject({ playlists_unchanged: 12 });
  });

  it('ends a run when the plugin is restarted, makes up for it, and leaves nothing half', async () => {
    await using octogen = await OctogenHost.start();
    const { held, release } = hold(octogen, 'createPlaylist');
    const runId = await octogen.host.jobs.start('octogen/generate');
    await held;
    await octogen.host.plugin('octogen').restart();
    release();
    expect((await octogen.host.jobs.settled(runId)).outcome).toBe('interrupted');
    const [next] = await octogen.host.jobs.runs('octogen/generate');
    expect(next?.id).not.toBe(runId);
    expect(await octogen.host.jobs.settled(next?.id ?? '')).toMatchObject({ outcome: 'succeeded' });
    expect(octogen.subsonic.playlists.size).toBe(12);
    expect((await octogen.generate()).stats.playlists_unchanged).toBe(12);
  });

  it('changes nothing when the clock is set back within the day, and works on after a whole day back', async () => {
    await using octogen = await OctogenHost.start({ host: { now: Date.UTC(2026, 0, 5, 15) } });
    await octogen.generate();
    octogen.host.clock.set(Date.UTC(2026, 0, 5, 11));
    expect((await octogen.generate()).stats).toMatchObject({ playlists_unchanged: 12 });
    octogen.host.clock.set(Date.UTC(2026, 0, 4, 12));
    const earlier = await octogen.generate();
    expect(earlier.stats).toMatchObject({ playlists_created: 0, playlists_updated: 12, playlists_failed: 0 });
    octogen.host.clock.set(Date.UTC(2026, 0, 5, 12));
    await octogen.generate();
    expect((await octogen.generate()).stats).toMatchObject({ playlists_unchanged: 12 });
  });

  it('starts anew on a server that was set up again, with other ids', async () => {
    await using octogen = await OctogenHost.start();
    await octogen.generate();
    const { subsonic } = octogen;
    const [first = ''] = subsonic.playlists.keys();
    subsonic.playlists.clear();
    subsonic.addPlaylist({ id: first, name: 'Holiday', songIds: ['other-1-1'] });
    const songs = [...subsonic.songs.values()];
    subsonic.songs.clear();
    for (const song of songs) {
      const id = song.id.replace('song', 'other');
      subsonic.songs.set(id, { ...song, id, albumId: song.albumId.replace('album', 'disc') });
    }
    const result = await octogen.generate();
    expect(result.stats).toMatchObject({ playlists_created: 12, playlists_failed: 0 });
    expect(subsonic.playlists.get(first)).toMatchObject({ name: 'Holiday', songIds: ['other-1-1'] });
    expect(await octogen.get('stats')).toMatchObject({ cache_size: 600, playlists_created: 12 });
    for (const ids of octogen.lists.values()) expect(ids.every((id) => subsonic.songs.has(id))).toBe(true);
  });

  it('takes nothing of one account for another’s', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'atoll-octogen-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    {
      await using alice = await OctogenHost.start({ host: { dataDir } });
      await alice.generate();
    }
    const songs = fakeSongs(30, 10).map((song) => ({ ...song, id: `bob-${song.id}` }));
    await using bob = await OctogenHost.start({ server: { songs, username: 'bob' }, host: { dataDir } });
    expect(await bob.get('playlists')).toMatchObject({ items: [] });
    const result = await bob.generate();
    expect(result.stats).toMatchObject({ playlists_created: 12, playlists_failed: 0 });
    expect(await bob.get('stats')).toMatchObject({ cache_size: 300 });
    for (const ids of bob.lists.values()) expect(ids.every((id) => id.startsWith('bob-'))).toBe(true);
  });

  it('heeds a rating in a large library without reading all of its albums', async () => {
    await using octogen = await OctogenHost.start({ server: { songs: fakeSongs(520, 2) } });
    await octogen.generate();
    const disliked = octogen.lists.get('Discovery')?.[0] ?? '';
    const song = octogen.subsonic.songs.get(disliked);
    if (song) song.userRating = 1;
    const albums = octogen.subsonic.count('getAlbum');
    await octogen.host.clock.advance(HOUR);
    const result = await octogen.generate();
    expect(result.stats.songs_skipped_low_rating).toBe(1);
    expect([...octogen.lists.values()].flat()).not.toContain(disliked);
    expect(octogen.subsonic.count('getAlbum') - albums).toBe(1);
  });
});
