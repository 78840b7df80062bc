import { createTestContext, type TestContext } from '@atoll/sdk/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { song } from '../generation/library.fixture.js';
import { FinishInterrupted } from './finish-interrupted.js';
import { Ledger } from './ledger.js';
import type { WantedList } from './ledger-entry.js';
import { type LedgerTables, ledgerMigrations } from './ledger-migrations.js';
import { MemoryPlaylists, type WriteFault } from './memory-playlists.fixture.js';
import { PlaylistWriter } from './playlist-writer.js';

const signal = new AbortController().signal;

function wanted(list: string, ids: readonly string[]): WantedList {
  const reason = { source: 'offline', score: 1, parts: { fit: 1 }, text: 'fits' } as const;
  const songs = ids.map((id) => ({ id, title: id, artist: 'A', album: null, durationMs: null, reason }));
  return { list, about: 'about it', short: null, songs };
}

const songsByIds = async (ids: readonly string[]) => new Map(ids.map((id) => [id, song({ id })]));

describe('PlaylistWriter', () => {
  let context: TestContext;
  let server: MemoryPlaylists;
  let ledger: Ledger;
  let writer: PlaylistWriter;
  let interrupted: FinishInterrupted;

  beforeEach(async () => {
    context = await createTestContext({ migrations: ledgerMigrations });
    server = new MemoryPlaylists();
    useAccount(server.account);
  });
  afterEach(() => context.stop());

  function useAccount(account: string): void {
    server.account = account;
    const { storage, clock, logger } = context;
    ledger = new Ledger(storage.db<LedgerTables>(), clock, account);
    writer = new PlaylistWriter(server, ledger, logger);
    interrupted = new FinishInterrupted(server, ledger, logger);
  }

  const write = (list: string, ...ids: string[]) => writer.write(wanted(list, ids), signal);

  /** What a new run does: finish what is open, then write. */
  async function nextRun(list: string, ...ids: string[]) {
    await interrupted.run(signal);
    return write(list, ...ids);
  }

  it('creates a list and remembers that it is ours', async () => {
    expect(await write('Discovery', 'a', 'b')).toMatchObject({ id: 'list-1', created: true, added: 2 });
    expect(server.get('Discovery')).toEqual(['a', 'b']);
    expect(await ledger.entries()).toMatchObject([
      { list: 'Discovery', playlistId: 'list-1', name: 'Discovery' },
    ]);
    expect(await ledger.intents()).toEqual([]);
  });

  it('changes the list in place, and says what changed', async () => {
    await write('Discovery', 'a', 'b', 'c', 'd');
    const change = await write('Discovery', 'd', 'a', 'b', 'e');
    expect(change).toMatchObject({ id: 'list-1', created: false, added: 1, removed: 1, moved: 1, kept: 2 });
    expect(server.lists).toHaveLength(1);
  });

  it('writes nothing when the server already has it so', async () => {
    await write('Discovery', 'a', 'b');
    expect(await write('Discovery', 'a', 'b')).toMatchObject({ changed: false, kept: 2 });
    expect(server.writes).toEqual(['create Discovery']);
  });

  it('leaves a list as it is rather than empty it', async () => {
    await write('Discovery', 'a');
    expect(await write('Discovery')).toMatchObject({ id: 'list-1', changed: false, kept: 1, removed: 0 });
    expect(await write('Chill Vibes')).toMatchObject({ id: null, created: false, added: 0 });
    expect(server.writes).toEqual(['create Discovery']);
  });

  it('previews without touching the server or the ledger', async () => {
    expect(await writer.preview(wanted('Discovery', ['a']), signal)).toMatchObject({
      created: true,
      id: null,
    });
    expect(server.writes).toEqual([]);
    expect(await ledger.entries()).toEqual([]);
    expect(await ledger.intents()).toEqual([]);
  });

  it('never touches a list of the user with the same name', async () => {
    server.add('Discovery', ['mine']);
    server.add('Discovery (Atoll)', ['mine too']);
    expect(await write('Discovery', 'a')).toMatchObject({ name: 'Discovery (Atoll 2)' });
    await write('Discovery', 'b');
    expect(server.get('Discovery')).toEqual(['mine']);
    expect(server.get('Discovery (Atoll)')).toEqual(['mine too']);
    expect(server.get('Discovery (Atoll 2)')).toEqual(['b']);
  });

  it("takes its own name where only another user's list has it", async () => {
    server.add('Discovery', ['theirs'], 'bob');
    expect(await write('Discovery', 'a')).toMatchObject({ name: 'Discovery' });
  });

  it('makes a list anew that the user deleted', async () => {
    await write('Discovery', 'a');
    server.lists.pop();
    expect(await write('Discovery', 'b')).toMatchObject({ created: true, id: 'list-2' });
  });

  it('keeps the id and the new name of a list that the user renamed', async () => {
    await write('Discovery', 'a');
    server.lists[0]!.name = 'Fresh stuff';
    expect(await write('Discovery', 'b')).toMatchObject({
      id: 'list-1',
      name: 'Fresh stuff',
      created: false,
    });
    expect(server.get('Fresh stuff')).toEqual(['b']);
  });

  it('gives a list up that now belongs to someone else', async () => {
    await write('Discovery', 'a');
    server.lists[0]!.owner = 'bob';
    expect(await write('Discovery', 'b')).toMatchObject({ created: true, id: 'list-2' });
    expect(server.lists[0]!.songs).toEqual(['a']);
  });

  it('knows its lists again when the same server is reached by another address', async () => {
    await write('Discovery', 'a');
    useAccount('alice@https://other.example');
    expect(await write('Discovery', 'b')).toMatchObject({ id: 'list-1', created: false });
    expect(server.lists).toHaveLength(1);
  });

  it('takes no list on another server for its own because of an equal id', async () => {
    await write('Discovery', 'a');
    const other = new MemoryPlaylists();
    other.add('Holiday', ['x']);
    server = other;
    useAccount('alice@https://other.example');
    expect(await write('Discovery', 'b')).toMatchObject({ created: true, id: 'list-2' });
    expect(other.get('Holiday')).toEqual(['x']);
  });

  it('takes no list for its own that got an id of ours after the server was set up anew', async () => {
    await write('Discovery', 'a', 'b');
    server.lists[0]!.name = 'Holiday';
    server.lists[0]!.songs = ['x', 'y', 'a'];
    await expect(writer.undo('Discovery', songsByIds, signal)).rejects.toMatchObject({ code: 'conflict' });
    expect(await write('Discovery', 'a', 'b')).toMatchObject({ created: true, id: 'list-2' });
    expect(server.get('Holiday')).toEqual(['x', 'y', 'a']);
    expect(await write('Discovery', 'c')).toMatchObject({ created: false, id: 'list-2' });
  });

  it('keeps a renamed list that the user has added a few songs to', async () => {
    await write('Discovery', 'a', 'b');
    server.lists[0]!.name = 'Fresh stuff';
    server.lists[0]!.songs = ['a', 'mine', 'b'];
    expect(await write('Discovery', 'c')).toMatchObject({ created: false, id: 'list-1' });
  });

  it('writes once more when the server kept something else, and says so when it still does', async () => {
    server.faults.push('lossy');
    expect(await write('Discovery', 'a', 'b')).toMatchObject({ id: 'list-1' });
    expect(server.get('Discovery')).toEqual(['a', 'b']);
    server.faults.push('lossy', 'lossy');
    await expect(write('Discovery', 'c', 'd')).rejects.toMatchObject({ code: 'octogen_not_verified' });
  });

  it('undoes the last changes one by one, with what the user had changed', async () => {
    await write('Discovery', 'a', 'b');
    server.lists[0]!.songs = ['b', 'user'];
    await write('Discovery', 'c');
    await write('Discovery', 'd');
    expect(await writer.undo('Discovery', songsByIds, signal)).toMatchObject({ added: 1, removed: 1 });
    expect(server.get('Discovery')).toEqual(['c']);
    await writer.undo('Discovery', songsByIds, signal);
    expect(server.get('Discovery')).toEqual(['b', 'user']);
    const [entry] = await ledger.entries();
    expect(entry!.songs.map((each) => each.reason.source)).toEqual(['offline', 'user']);
    await expect(writer.undo('Discovery', songsByIds, signal)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('leaves out of an undone list what no longer exists', async () => {
    await write('Discovery', 'a', 'b');
    await write('Discovery', 'c');
    await writer.undo('Discovery', async () => new Map([['b', song({ id: 'b' })]]), signal);
    expect(server.get('Discovery')).toEqual(['b']);
  });

  it('keeps no more than ten versions', async () => {
    for (let turn = 0; turn < 14; turn++) await write('Discovery', `song-${turn}`);
    const versions = await ledger.versions('Discovery');
    expect(versions.map((version) => version.songIds[0])).toEqual(
      Array.from({ length: 10 }, (_, at) => `song-${12 - at}`),
    );
  });

  it('deletes only lists of its own that kept their name', async () => {
    server.add('Morning Mix', ['mine']);
    await write('Morning Mix', 'a');
    await write('Night Vibes', 'b');
    server.lists.find((list) => list.name === 'Night Vibes')!.name = 'Sleep well';
    expect(await writer.remove('Morning Mix', signal)).toBe(true);
    expect(await writer.remove('Night Vibes', signal)).toBe(false);
    expect(await writer.remove('Evening Chill', signal)).toBe(false);
    expect(server.lists.map((list) => list.name)).toEqual(['Morning Mix', 'Sleep well']);
    expect(await ledger.entries()).toEqual([]);
  });

  describe('after a run that died in the middle', () => {
    it('adopts the list that was created without an answer', async () => {
      server.faults.push('after');
      await expect(write('Discovery', 'a', 'b')).rejects.toThrow('the connection was lost');
      expect(await nextRun('Discovery', 'a', 'b')).toMatchObject({
        id: 'list-1',
        created: false,
        changed: false,
      });
      expect(server.lists).toHaveLength(1);
    });

    it('completes a list that was created half', async () => {
      server.faults.push('half');
      await expect(write('Discovery', 'a', 'b', 'c', 'd')).rejects.toThrow();
      await interrupted.run(signal);
      expect(server.get('Discovery')).toEqual(['a', 'b', 'c', 'd']);
    });

    it('adopts no list that the user made of that name since', async () => {
      server.faults.push('before');
      await expect(write('Discovery', 'a')).rejects.toThrow();
      server.add('Discovery', ['mine']);
      expect(await nextRun('Discovery', 'a')).toMatchObject({ name: 'Discovery (Atoll)', created: true });
      expect(server.get('Discovery')).toEqual(['mine']);
    });

    it('completes a list that was replaced half, and can still undo to what was before', async () => {
      await write('Discovery', 'a', 'b');
      server.faults.push('half');
      await expect(write('Discovery', 'c', 'd')).rejects.toThrow();
      expect(await interrupted.run(signal)).toBe(1);
      expect(server.get('Discovery')).toEqual(['c', 'd']);
      await writer.undo('Discovery', songsByIds, signal);
      expect(server.get('Discovery')).toEqual(['a', 'b']);
    });

    it('forgets an intent that never reached the server', async () => {
      await write('Discovery', 'a');
      server.faults.push('before');
      await expect(write('Discovery', 'b')).rejects.toThrow();
      await interrupted.run(signal);
      expect(server.get('Discovery')).toEqual(['a']);
      expect(await ledger.intents()).toEqual([]);
      expect(await ledger.versions('Discovery')).toEqual([]);
    });

    it('finishes an undo that was cut off', async () => {
      await write('Discovery', 'a');
      await write('Discovery', 'b');
      server.faults.push('after');
      await expect(writer.undo('Discovery', songsByIds, signal)).rejects.toThrow();
      await interrupted.run(signal);
      expect(await ledger.versions('Discovery')).toEqual([]);
      expect((await ledger.entries())[0]!.songs.map((each) => each.id)).toEqual(['a']);
    });

    it('finishes a deletion that was cut off', async () => {
      await write('Morning Mix', 'a');
      server.faults.push('before');
      await expect(writer.remove('Morning Mix', signal)).rejects.toThrow();
      await interrupted.run(signal);
      expect(server.lists).toEqual([]);
      expect(await ledger.entries()).toEqual([]);
    });

    it.each(['replace', 'delete'])('leaves a %s be where the id is another list’s by now', async (action) => {
      await write('Morning Mix', 'a');
      server.faults.push('before');
      const cutOff = action === 'delete' ? writer.remove('Morning Mix', signal) : write('Morning Mix', 'b');
      await expect(cutOff).rejects.toThrow();
      server.lists[0]!.name = 'Holiday';
      server.lists[0]!.songs = ['x', 'y'];
      expect(await interrupted.run(signal)).toBe(1);
      expect(server.get('Holiday')).toEqual(['x', 'y']);
      expect(await ledger.intents()).toEqual([]);
    });

    it('keeps the intent while the server stays down', async () => {
      server.faults.push('half', 'before');
      await expect(write('Discovery', 'a', 'b')).rejects.toThrow();
      expect(await interrupted.run(signal)).toBe(0);
      expect(await ledger.intents()).toHaveLength(1);
      expect(await interrupted.run(signal)).toBe(1);
      expect(server.get('Discovery')).toEqual(['a', 'b']);
    });
  });

  it('ends with exactly the lists of the last run, and the user’s own, whatever failed before', async () => {
    const fault = fc.constantFrom<WriteFault | null>(null, null, 'before', 'after', 'half', 'lossy');
    const turn = fc.record({
      songs: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1 }),
      faults: fc.array(fault, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 6 }), async (turns) => {
        const db = context.storage.db<LedgerTables>();
        await db.deleteFrom('playlist_ledger').execute();
        await db.deleteFrom('playlist_versions').execute();
        await db.deleteFrom('playlist_intents').execute();
        server = new MemoryPlaylists();
        server.add('Discovery', ['mine']);
        useAccount('alice@http://music.example');
        for (const { songs, faults } of turns) {
          server.faults.splice(0, server.faults.length, ...faults);
          await nextRun('Discovery', ...songs).catch(() => undefined);
        }
        server.faults.length = 0;
        await nextRun('Discovery', 'x', 'y');
        expect(server.lists.map(({ name, songs }) => [name, songs])).toEqual([
          ['Discovery', ['mine']],
          ['Discovery (Atoll)', ['x', 'y']],
        ]);
      }),
      { numRuns: 60 },
    );
  });
});
