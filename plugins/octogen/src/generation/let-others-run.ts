import { setImmediate } from 'node:timers/promises';

/** Lets requests and other jobs have a turn, in the middle of work that would keep the process busy for long. */
export async function letOthersRun(): Promise<void> {
  await setImmediate();
}
