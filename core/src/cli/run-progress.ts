import type { RunRecord } from '@atoll/sdk';
import { escapeControl } from '../logging/escape-control.js';
import type { CliIo } from './cli-io.js';

/** Shows how a run goes on. */
export interface RunProgressDisplay {
  update(run: RunRecord): void;
  /** Leaves the terminal clean. */
  end(): void;
}

/**
 * A bar on a terminal, plain lines elsewhere; on standard error, so that standard output holds the result alone.
 * `SHOW_PROGRESS` set to false shows nothing, set to true shows lines where there would be none.
 */
export async function createRunProgress(
  io: Pick<CliIo, 'stderr' | 'env'>,
  { json }: { json: boolean },
): Promise<RunProgressDisplay> {
  const wanted = parseFlag(io.env.SHOW_PROGRESS);
  if (wanted === false || (json && wanted === undefined)) return silent;
  if (io.stderr.isTTY !== true || json) return lines(io.stderr);
  return bar(io.stderr as unknown as NodeJS.WritableStream);
}

const silent: RunProgressDisplay = { update: () => undefined, end: () => undefined };

function lines(stderr: CliIo['stderr']): RunProgressDisplay {
  let shown = '';
  return {
    update(run) {
      const text = describe(run);
      if (text === shown) return;
      shown = text;
      stderr.write(`${run.job}: ${text}\n`);
    },
    end: () => undefined,
  };
}

async function bar(stream: NodeJS.WritableStream): Promise<RunProgressDisplay> {
  const { SingleBar, Presets } = (await import('cli-progress')).default;
  const single = new SingleBar(
    {
      stream,
      format: '{bar} {percentage}% {text}',
      hideCursor: true,
      clearOnComplete: true,
      linewrap: false,
      // Redrawn when something happens: a timer of its own would outlive an error.
      noTTYOutput: false,
      emptyOnZero: true,
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update(run) {
      const percent = Math.round(run.progress.value * 100);
      const text = describe(run);
      if (started) single.update(percent, { text });
      else single.start(100, percent, { text });
      started = true;
    },
    end() {
      if (started) single.stop();
    },
  };
}

function describe({ state, progress: { phase, message } }: RunRecord): string {
  if (state === 'queued') return 'waits for the run before it';
  const text = [phase, message].filter(Boolean).join(': ');
  return text === '' ? 'running' : escapeControl(text);
}

function parseFlag(text: string | undefined): boolean | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  return !['0', 'false', 'no', 'off'].includes(text.trim().toLowerCase());
}
