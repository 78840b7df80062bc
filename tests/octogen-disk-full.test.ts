import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GenerationResult } from '../plugins/octogen/src/run/generation-result.js';
import { FakeSubsonic } from '../plugins/octogen/src/server/fake-subsonic.fixture.js';
import { fakeSongs } from '../plugins/octogen/src/server/fake-subsonic-data.fixture.js';
import { AtollFolder } from './support/atoll-folder.ts';
import { cannotMount, SmallDisk } from './support/small-disk.ts';
import { waitFor } from './support/wait-for.ts';

describe('octogen on a disk that fills up', () => {
  it.for([
    ['reading the library', 'getAlbum', 100],
    ['writing the lists', 'createPlaylist', 4],
  ] as const)(
    'fails the run in the middle of %s, and makes up for it later',
    async ([, method, calls], { skip }) => {
      const obstacle = cannotMount();
      if (obstacle !== null) skip(`this sandbox mounts nothing: ${obstacle}`);
      await using disk = new SmallDisk(24 * 1024 * 1024);
      await using subsonic = await FakeSubsonic.start({ songs: fakeSongs(300, 10) });
      await using folder = new AtollFolder();
      const host = await folder.start({
        dataDir: join(disk.path, 'data'),
        env: {
          NAVIDROME_URL: subsonic.url,
          NAVIDROME_USER: subsonic.username,
          NAVIDROME_PASSWORD: subsonic.password,
          TIMEOFDAY_ENABLED: 'false',
        },
      });
      const ballast: Disposable[] = [];
      subsonic.onRequest = () => {
        if (ballast.length === 0 && subsonic.count(method) >= calls) ballast.push(disk.fill());
      };
      const run = await host.runIn('finished', await host.accept('octogen/generate'));
      expect(run).toMatchObject({
        outcome: 'failed',
        error: { code: 'disk_full', hint: expect.stringContaining('Free some space') },
      });
      expect(run.error?.message).toContain('the database "octogen" could not be written');
      expect(await host.plugin('octogen')).toMatchObject({ state: 'running' });

      for (const file of ballast) file[Symbol.dispose]();
      subsonic.onRequest = null;
      // The end of the failed run is stored first.
      const next = await waitFor('room for another run', () =>
        host.accept('octogen/generate').catch(() => undefined),
      );
      const made = await host.runIn('finished', next);
      expect(made).toMatchObject({ outcome: 'succeeded', error: null });
      expect((made.result as GenerationResult).stats.playlists_failed).toBe(0);
      expect(subsonic.playlists.size).toBe(11);
      for (const { name, added, moved, kept } of (made.result as GenerationResult).playlists) {
        const list = [...subsonic.playlists.values()].find((each) => each.name === name);
        expect(list?.songIds).toHaveLength(added + moved + kept);
      }
    },
  );
});
