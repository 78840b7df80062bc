import { SourceProcess } from './source-process.fixture.js';

export interface OwnerProcess {
  readonly process: SourceProcess;
  readonly pid: string;
  /** Whether it became the owner; if not, the error. */
  readonly answer: { owned: true } | { owned: false; code: string; message: string; hint: string };
}

/** Starts a process that takes `dir`, and keeps it until it is killed. */
export async function startOwner(dir: string): Promise<OwnerProcess> {
  const [only] = await startOwners(dir, 1);
  if (!only) throw new Error('no process was started');
  return only;
}

/** Starts `count` processes, and lets them try to take `dir` at the same moment. */
export async function startOwners(dir: string, count: number): Promise<OwnerProcess[]> {
  const started = Array.from({ length: count }, () => new SourceProcess('./owner-program.fixture.ts', dir));
  await Promise.all(started.map((process) => process.line()));
  for (const { child } of started) child.stdin?.write('go\n');
  return Promise.all(
    started.map(async (process) => ({
      process,
      pid: String(process.child.pid),
      answer: JSON.parse(await process.line()) as OwnerProcess['answer'],
    })),
  );
}
