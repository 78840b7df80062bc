import { chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FolderFacts, judgeFolder, prepareDataFolder } from './data-folder.js';
import { tempFolder } from './temp-folder.fixture.js';

const mine: FolderFacts = {
  uid: 1000,
  groups: [1000],
  ownerUid: 1000,
  ownerGid: 1000,
  mode: 0o700,
  writable: true,
};

describe('a data folder', () => {
  it.each([
    ['of my own', {}, undefined],
    ['of my own, read only', { writable: false }, 'not-writable'],
    ['of another user, writable by all', { ownerUid: 0, ownerGid: 0, mode: 0o777 }, 'foreign'],
    ['of a user, opened by root', { uid: 0, groups: [0] }, 'foreign'],
    ['of root, shared with my group', { ownerUid: 0, mode: 0o2770 }, undefined],
    ['of root, shared with another group', { ownerUid: 0, ownerGid: 0, mode: 0o2770 }, 'foreign'],
  ] as const)('%s: %j gives %s', (_name, facts, verdict) => {
    expect(judgeFolder({ ...mine, ...facts })).toBe(verdict);
  });

  it('is made where it is missing, for its user alone', () => {
    const dir = join(tempFolder(), 'a', 'b');
    prepareDataFolder(dir);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    prepareDataFolder(dir);
  });

  it('that is a file is refused with the cure', () => {
    const dir = join(tempFolder(), 'file');
    writeFileSync(dir, '');
    expect(() => prepareDataFolder(dir)).toThrow(
      expect.objectContaining({
        code: 'storage_unwritable',
        message: expect.stringContaining(dir),
        hint: expect.stringContaining('ATOLL_DATA_DIR'),
      }),
    );
  });

  it.runIf(process.getuid?.() === 0)('of another user is refused by naming both, and how to go on', () => {
    const dir = join(tempFolder(), 'theirs');
    mkdirSync(dir);
    chownSync(dir, 4711, 4711);
    expect(() => prepareDataFolder(dir)).toThrow(
      expect.objectContaining({
        code: 'storage_unwritable',
        message: expect.stringMatching(/belongs to user 4711, but Atoll runs as user ".+" \(0\)/),
        hint: expect.stringContaining(`chown -R 0 ${dir}`),
      }),
    );
  });

  it('on a network file system is refused with the cure', () => {
    const dir = tempFolder();
    expect(() => prepareDataFolder(dir, { fileSystem: () => 'nfs4' })).toThrow(
      expect.objectContaining({
        code: 'storage_unsupported',
        message: expect.stringContaining('nfs4'),
        hint: expect.stringContaining('local disk'),
      }),
    );
  });
});
