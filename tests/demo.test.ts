import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { skipWithout } from './peers/missing-programs.ts';
import { supysonicPrograms } from './peers/supysonic.ts';
import { ChildProgram } from './support/child-program.ts';
import { repository } from './support/repository.ts';
import { waitFor } from './support/wait-for.ts';

/** The demo in a folder for temporary files that nobody else uses. */
describe.skipIf(skipWithout(...supysonicPrograms, 'ffmpeg'))('the demo', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'atoll-e2e-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (path = process.env.PATH): ChildProgram =>
    new ChildProgram(process.execPath, [join(repository, 'scripts', 'demo.ts'), '--exit'], {
      cwd: repository,
      env: { PATH: path, HOME: process.env.HOME, TMPDIR: folder },
    });

  it('shows a dry run, a run, and a second one that changes nothing, and leaves nothing behind', async () => {
    await using demo = start();
    expect(await demo.ended, demo.output).toEqual({ code: 0, signal: null });
    const shown = demo.stdout.join('\n');
    expect(shown).toContain('Dry run: nothing was changed.');
    expect(shown).toMatch(/^Discovery \(Atoll\) +new +\+25$/m);
    expect(shown).toMatch(/^Discovery \(Atoll\) +same +=25$/m);
    expect(shown).toContain('"Discovery" still holds its 5 songs');
    expect(shown).toContain('rated with one star, is on no list.');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('ends in order and leaves nothing behind when it is interrupted', async () => {
    await using demo = start();
    await waitFor('the host of the demo runs', () => demo.stdout.includes('Does the connection work?'));
    demo.signal('SIGINT');
    expect(await demo.ended, demo.output).toEqual({ code: 130, signal: null });
    expect(demo.stdout.join('\n')).not.toContain('A second run');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says what to install on a machine without a music server', async () => {
    await using demo = start(folder);
    expect((await demo.ended).code).toBe(1);
    expect(demo.stderr.join('\n')).toMatch(/not installed: supysonic-server.*apt-get install supysonic/);
  });
});
