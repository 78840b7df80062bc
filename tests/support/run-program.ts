import { ChildProgram } from './child-program.ts';

/** Runs a program to its end and returns what it printed; fails with that when it does not exit with 0. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<string> {
  await using program = new ChildProgram(command, args, {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...options.env },
  });
  const { code } = await program.ended;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${program.output}`);
  return program.stdout.join('\n');
}
