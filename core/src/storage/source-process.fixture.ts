import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const sources = new URL('./typescript-sources.fixture.ts', import.meta.url).href;

/** A program of this folder in a process of its own, which speaks in lines. It is killed with the test. */
export class SourceProcess {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(program: string, ...args: string[]) {
    const file = fileURLToPath(new URL(program, import.meta.url));
    const child = spawn(process.execPath, ['--import', sources, file, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    this.child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** The next line it prints. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the process ended without a further line');
    return value;
  }

  /** Ends it the hard way, and waits until it is gone. */
  async kill(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}
