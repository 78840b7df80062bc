import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How a process ended: its exit code, or the signal that ended it. */
export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A child process, the lines it printed so far, and its end. It never outlives the tests. */
export class ChildProgram implements AsyncDisposable {
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;

  constructor(command: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const [stream, lines] of [
      [child.stdout, this.stdout],
      [child.stderr, this.stderr],
    ] as const) {
      createInterface({ input: stream }).on('line', (line) => lines.push(line));
    }
    const killWithUs = () => void child.kill('SIGKILL');
    process.once('exit', killWithUs);
    // `close` and not `exit`: every line has been read by then.
    this.ended = once(child, 'close').then(([code, signal]) => {
      process.off('exit', killWithUs);
      return { code, signal } as ProcessEnd;
    });
    // Whoever waits hears of a program that cannot be started; nobody waiting is no unhandled rejection.
    this.ended.catch(() => undefined);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the process was not started');
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Everything printed so far, for messages. */
  get output(): string {
    return [...this.stdout, ...this.stderr].join('\n');
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.running) this.#child.kill('SIGKILL');
    await this.ended.catch(() => undefined);
  }
}
