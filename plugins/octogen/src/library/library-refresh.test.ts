import { type Kysely, sql } from '@atoll/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { SubsonicError } from '../server/subsonic-error.js';
import type { LibraryIndex } from './library-index.js';
import type { RefreshOptions, RefreshProgress } from './library-refresh.js';
import type { LibrarySchema } from './library-schema.js';
import { setup } from './library-setup.fixture.js';
import type { MemoryServer } from './memory-server.fixture.js';

describe('a refresh of the index', () => {
  let db: Kysely<LibrarySchema>;
  let index: LibraryIndex;
  let server: MemoryServer;

  beforeEach(async () => {
    ({ db, index, server } = await setup());
  });

  const refresh = (options: Partial<RefreshOptions> = {}) => index.refresh({ server, ...options });
  const ids = async () => (await index.all()).map((song) => song.id);

  describe('when the pass is cut short', () => {
    beforeEach(async () => {
      for (let album = 1; album <= 40; album++) server.put(`a${album}`, { id: `s${album}` });
      await refresh();
      for (let album = 1; album <= 40; album++)
        server.put(`a${album}`, { id: `s${album}`, title: 'Changed' });
    });

    it('keeps everything after a failure, and goes on where it stopped', async () => {
      server.library.delete('a1');
      server.before = (method) => {
        if (method === 'albumSongs' && server.calls.albumSongs > 60) throw new Error('the server went down');
      };
      await expect(refresh()).rejects.toThrow('the server went down');
      expect(await ids()).toHaveLength(40);
      server.before = null;
      const result = await refresh();
      expect(result.albumsRead).toBeLessThan(39);
      expect(result).toMatchObject({ complete: true, songsRemoved: 1 });
      expect((await index.all()).every((song) => song.title === 'Changed')).toBe(true);
    });

    it('keeps everything after an abort, and ends with its reason', async () => {
      const stop = new AbortController();
      server.before = (method) => {
        if (method === 'albumSongs' && server.calls.albumSongs > 50) stop.abort(new Error('enough'));
      };
      await expect(refresh({ signal: stop.signal })).rejects.toThrow('enough');
      expect(await ids()).toHaveLength(40);
    });

    it('leaves songs of an album that cannot be read as they were', async () => {
      server.before = (method, album) => {
        if (method === 'albumSongs' && album === 'a7')
          throw new SubsonicError('getAlbum', 0, 'Internal error');
      };
      expect(await refresh()).toMatchObject({ albumsRead: 39, complete: false, songsRemoved: 0 });
      expect((await index.byIds(['s7'])).get('s7')?.title).toBe('Tune s7');
      server.before = null;
      expect(await refresh()).toMatchObject({ albumsRead: 1, complete: true });
    });

    it('keeps everything when the disk is full', async () => {
      await sql`pragma max_page_count = 1`.execute(db);
      const long = 'x'.repeat(20_000);
      for (let album = 1; album <= 40; album++)
        server.put(`a${album}`, { id: `s${album}`, title: `${album} ${long}` });
      await expect(refresh()).rejects.toMatchObject({ code: 'disk_full' });
      expect((await index.all()).every((song) => song.title === `Tune ${song.id}`)).toBe(true);
      await sql`pragma max_page_count = 1000000`.execute(db);
      expect(await refresh()).toMatchObject({ complete: true, albumsRead: 40 });
    });

    it('fails when many albums cannot be read', async () => {
      server.before = (method) => {
        if (method === 'albumSongs') throw new SubsonicError('getAlbum', 0, 'Internal error');
      };
      await expect(refresh()).rejects.toThrow('Internal error');
      expect(await ids()).toHaveLength(40);
    });
  });

  describe('when the library changes during the pass', () => {
    it('removes what an album that vanished held', async () => {
      server.put('a', { id: '1' });
      server.put('b', { id: '2' });
      await refresh();
      server.before = (method) => {
        if (method === 'albumSongs') server.library.delete('b');
      };
      expect(await refresh({ full: true })).toMatchObject({ albums: 1, complete: true, songsRemoved: 1 });
      expect(await ids()).toEqual(['1']);
    });

    it('follows an album that got another id', async () => {
      server.put('a', { id: '1' });
      server.put('b', { id: '2' });
      await refresh();
      server.before = (method, album) => {
        if (method !== 'albumSongs' || album !== 'a') return;
        server.before = null;
        server.library.delete('b');
        server.put('b2', { id: '2' });
      };
      expect(await refresh({ full: true })).toMatchObject({ songsRemoved: 0, complete: true });
      expect(await ids()).toEqual(['1', '2']);
    });

    it('reads the list again when albums shift between its pages', async () => {
      for (let album = 0; album < 1100; album++) server.put(`a${album}`, { id: `s${album}` });
      server.before = (method, offset) => {
        if (method === 'albums' && Number(offset) > 900) {
          server.before = null;
          server.library.delete('a3');
        }
      };
      expect(await refresh()).toMatchObject({ albums: 1099, complete: true });
      expect(await ids()).toHaveLength(1099);
    });

    it('removes nothing as long as the list does not hold still', async () => {
      for (let album = 0; album < 600; album++) server.put(`a${album}`, { id: `s${album}` });
      await refresh();
      let next = 0;
      server.before = (method, offset) => {
        if (method === 'albums' && Number(offset) > 0) server.library.delete(`a${next++}`);
      };
      expect(await refresh()).toMatchObject({ complete: false, songsRemoved: 0 });
      expect(await ids()).toHaveLength(600);
      server.before = null;
      expect(await refresh()).toMatchObject({ complete: true, songsRemoved: next });
    });
  });

  it('asks for six albums at once, not for all', async () => {
    for (let album = 0; album < 50; album++) server.put(`a${album}`, { id: `s${album}` });
    let now = 0;
    let peak = 0;
    server.before = async (method) => {
      if (method !== 'albumSongs') return;
      peak = Math.max(peak, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
    };
    await refresh();
    expect(peak).toBe(6);
  });

  it('tells how far it is', async () => {
    for (let album = 0; album < 3; album++) server.put(`a${album}`, { id: `s${album}` });
    const seen: RefreshProgress[] = [];
    await refresh({ progress: (progress) => seen.push(progress) });
    expect(seen[0]).toEqual({ phase: 'listing', done: 0, total: 0 });
    expect(seen).toContainEqual({ phase: 'reading', done: 2, total: 3 });
    expect(seen.at(-1)).toEqual({ phase: 'finishing', done: 3, total: 3 });
  });

  it('runs two refreshes one after the other, and the second though the first failed', async () => {
    server.put('a', { id: '1' });
    server.before = (method) => {
      if (method === 'albums' && server.calls.albums === 1) throw new Error('down');
    };
    const [first, second] = await Promise.allSettled([refresh(), refresh()]);
    expect(first?.status).toBe('rejected');
    expect(second).toMatchObject({ status: 'fulfilled', value: { albumsRead: 1 } });
  });
});
