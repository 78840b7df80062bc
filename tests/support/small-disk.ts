import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own in memory. Needs root and a sandbox that lets it mount; see `cannotMount`. */
export class SmallDisk implements AsyncDisposable {
  readonly path = mkdtempSync(join(tmpdir(), 'atoll-disk-'));

  constructor(bytes: number) {
    const mounted = mount(['-t', 'tmpfs', '-o', `size=${bytes},mode=0700`, 'tmpfs', this.path]);
    if (mounted !== null) {
      rmSync(this.path, { recursive: true });
      throw new Error(`no disk could be mounted: ${mounted}`);
    }
    process.once('exit', this.#unmount);
  }

  /** Takes all the space that is left; the disposer gives it back. */
  fill(): Disposable {
    const file = join(this.path, 'ballast');
    for (const block of [1024 * 1024, 4096, 1]) {
      try {
        for (;;) writeFileSync(file, Buffer.alloc(block, 1), { flag: 'a' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
    return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
  }

  makeReadOnly(): void {
    const failure = mount(['-o', 'remount,ro', this.path]);
    if (failure !== null) throw new Error(`the disk could not be made read-only: ${failure}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#unmount);
    this.#unmount();
    rmSync(this.path, { recursive: true, force: true });
  }

  readonly #unmount = (): void => {
    // Lazily: a process that still holds a file must not keep the disk.
    spawnSync('umount', ['-l', this.path]);
  };
}

/** Why no disk can be mounted here, or null when one can: tried, because neither root nor CI says so. */
export function cannotMount(): string | null {
  try {
    void new SmallDisk(64 * 1024)[Symbol.asyncDispose]();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

function mount(args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync('mount', args, { encoding: 'utf8' });
  return status === 0 ? null : (error?.message ?? stderr.trim());
}
