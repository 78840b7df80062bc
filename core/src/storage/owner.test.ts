import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acquireOwner } from './owner.js';
import { startOwner, startOwners } from './owner-process.fixture.js';
import { tempFolder } from './temp-folder.fixture.js';

const slow = { timeout: 60_000 };

function leave(dir: string, holder: object): void {
  writeFileSync(join(dir, 'owner.json'), JSON.stringify(holder));
}

describe('the owner of a data folder', () => {
  it('makes the folder, says who it is, and leaves nothing behind but the empty lock', async () => {
    const dir = join(tempFolder(), 'data');
    const owner = await acquireOwner(dir);
    expect(JSON.parse(readFileSync(join(dir, 'owner.json'), 'utf8'))).toMatchObject({
      pid: process.pid,
      host: hostname(),
    });
    await owner.release();
    await owner.release();
    expect(existsSync(join(dir, 'owner.json'))).toBe(false);
    expect(statSync(join(dir, 'owner.db')).size).toBe(0);
  });

  it('is alone, within one process too, until it lets go', async () => {
    const dir = tempFolder();
    const owner = await acquireOwner(dir);
    await expect(acquireOwner(join(dir, '.'))).rejects.toMatchObject({ code: 'storage_owned' });
    await owner.release();
    await using again = await acquireOwner(dir);
    await owner.release();
    await expect(acquireOwner(dir)).rejects.toMatchObject({ code: 'storage_owned' });
    await again.release();
  });

  it('keeps out a second process, which learns the pid and how to go on', slow, async () => {
    const dir = tempFolder();
    const { pid, answer } = await startOwner(dir);
    expect(answer).toEqual({ owned: true });
    await expect(acquireOwner(dir)).rejects.toMatchObject({
      code: 'storage_owned',
      message: expect.stringContaining(`process ${pid}, since 20`),
      hint: expect.stringContaining('Stop that process'),
    });
    const second = await startOwner(dir);
    expect(second.answer).toMatchObject({ code: 'storage_owned', message: expect.stringContaining(pid) });
  });

  it('that was killed leaves the folder free at once', slow, async () => {
    const dir = tempFolder();
    const owner = await startOwner(dir);
    await owner.process.kill();
    expect(existsSync(join(dir, 'owner.json'))).toBe(true);
    await using _mine = await acquireOwner(dir);
    expect(readFileSync(join(dir, 'owner.json'), 'utf8')).toContain(String(process.pid));
  });

  it('that is gone is not mistaken for a living process that has its pid', async () => {
    const dir = tempFolder();
    leave(dir, { pid: process.ppid, host: hostname(), since: 'long ago' });
    await (await acquireOwner(dir)).release();
  });

  it('is one of five that start at the very same moment', slow, async () => {
    const dir = tempFolder();
    const started = await startOwners(dir, 5);
    const winners = started.filter(({ answer }) => answer.owned);
    expect(winners).toHaveLength(1);
    for (const { answer } of started) {
      if (answer.owned) continue;
      expect(answer.code).toBe('storage_owned');
      expect(answer.message).toContain(winners[0]?.pid);
    }
  });

  it('in another container is named with its host', slow, async () => {
    const dir = tempFolder();
    const owner = await startOwner(dir);
    leave(dir, { pid: 1, host: 'elsewhere', since: '2026-01-05T12:00:00.000Z' });
    await expect(acquireOwner(dir)).rejects.toThrow('process 1 on "elsewhere", since 2026-01-05');
    leave(dir, { nonsense: true });
    await expect(acquireOwner(dir)).rejects.toThrow('in use by another process.');
    await owner.process.kill();
  });

  it('is refused where the folder cannot be used', async () => {
    const dir = tempFolder();
    await expect(acquireOwner(dir, { fileSystem: () => 'cifs' })).rejects.toMatchObject({
      code: 'storage_unsupported',
    });
    writeFileSync(join(dir, 'owner.db'), 'nonsense'.repeat(200));
    await expect(acquireOwner(dir)).rejects.toMatchObject({ code: 'storage_corrupt' });
  });

  it.runIf(process.getuid?.() === 0)(
    'is told who may not write, where the folder cannot be made',
    async () => {
      const dir = tempFolder();
      chmodSync(dir, 0o755);
      process.seteuid?.(65534);
      try {
        await expect(acquireOwner(join(dir, 'data'))).rejects.toMatchObject({
          code: 'storage_unwritable',
          message: expect.stringContaining('could not be made'),
        });
      } finally {
        process.seteuid?.(0);
      }
    },
  );
});
