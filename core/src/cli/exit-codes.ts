/** What the process's exit code says. */
export const exitCodes = {
  ok: 0,
  /** It was tried and did not succeed. */
  failed: 1,
  /** The command line is wrong; nothing was tried. */
  usage: 2,
  /** Somebody may not, or not now: no right, another owner, a state that forbids it. */
  refused: 3,
} as const;
