import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseStorageUrl } from './storage-url.js';

describe('storage.url', () => {
  it.each([
    [undefined, resolve('data')],
    ['', resolve('data')],
    ['sqlite:./other', resolve('other')],
    ['sqlite:/var/lib/atoll', '/var/lib/atoll'],
    ['SQLITE:/x y', '/x y'],
  ])('%s names the folder %s', (url, dir) => {
    expect(parseStorageUrl(url, './data')).toEqual({ kind: 'sqlite', dir });
  });

  it.each([
    ['postgres://u:secret@h/db', 'PostgreSQL is not available in this version'],
    ['postgresql://h/db', 'PostgreSQL is not available in this version'],
    ['mysql://u:secret@h/db', 'MySQL and MariaDB are not supported: '],
    ['mongodb://u:secret@h', 'unknown kind "mongodb"'],
    ['./data', 'does not start with a kind'],
    ['sqlite:', 'names no folder'],
    ['sqlite:///app.db', 'one file for each plugin'],
    ['sqlite:data.sqlite3', 'one file for each plugin'],
    ['sqlite::memory:', 'one file for each plugin'],
  ])('%s is refused with the reason, and without its password', (url, reason) => {
    const parse = () => parseStorageUrl(url, './data');
    expect(parse).toThrow(expect.objectContaining({ code: 'storage_unsupported', hint: expect.any(String) }));
    expect(parse).toThrow(reason);
    expect(parse).not.toThrow('secret');
  });
});
