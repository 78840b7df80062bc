import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RotatingFile } from './rotating-file.js';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atoll-log-'));
  file = join(folder, 'logs', 'atoll.log');
});

afterEach(() => rmSync(folder, { recursive: true }));

const read = (name: string): string => readFileSync(join(folder, 'logs', name), 'utf8');

describe('RotatingFile', () => {
  it('makes its folder, appends, and goes on where an earlier process stopped', () => {
    for (const line of ['a\n', 'b\n']) {
      const log = new RotatingFile({ file, maxSizeBytes: 100, backups: 2 });
      log.write(line);
      log.close();
    }
    expect(read('atoll.log')).toBe('a\nb\n');
  });

  it('begins a new file rather than exceed its size, and keeps so many old ones', () => {
    const log = new RotatingFile({ file, maxSizeBytes: 10, backups: 2 });
    for (let n = 0; n < 10; n++) log.write(`line ${n}\n`);
    log.close();
    expect(readdirSync(join(folder, 'logs')).sort()).toEqual(['atoll.log', 'atoll.log.1', 'atoll.log.2']);
    expect(read('atoll.log')).toBe('line 9\n');
    expect(read('atoll.log.1')).toBe('line 8\n');
    expect(read('atoll.log.2')).toBe('line 7\n');
  });

  it('counts what was there before, in bytes', () => {
    new RotatingFile({ file, maxSizeBytes: 10, backups: 1 }).write('éééé\n');
    new RotatingFile({ file, maxSizeBytes: 10, backups: 1 }).write('ab\n');
    expect(read('atoll.log.1')).toBe('éééé\n');
  });

  it('keeps none with no backups, and writes a line longer than the limit whole', () => {
    const log = new RotatingFile({ file, maxSizeBytes: 4, backups: 0 });
    log.write('first, long\n');
    log.write('second\n');
    log.close();
    expect(readdirSync(join(folder, 'logs'))).toEqual(['atoll.log']);
    expect(read('atoll.log')).toBe('second\n');
  });

  it('opens anew after a failure', () => {
    const log = new RotatingFile({ file, maxSizeBytes: 4, backups: 1 });
    log.write('one\n');
    rmSync(join(folder, 'logs'), { recursive: true });
    log.write('two\n');
    log.close();
    expect(existsSync(file)).toBe(true);
    expect(read('atoll.log')).toBe('two\n');
  });

  it('says so when the file cannot be opened', () => {
    expect(() => new RotatingFile({ file: folder, maxSizeBytes: 4, backups: 1 })).toThrow(/EISDIR/);
  });
});
