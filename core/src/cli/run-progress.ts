import type { RunRecord } from '@atoll/sdk';
import { escapeControl } from '../logging/escape-control.js';
import type { CliContext } from './cli-context.js';
import type { CliStream } from './cli-io.js';

/** Shows how a run goes on. */
export interface RunProgressDisplay {
  update(run: RunRecord): void;
  /** Leaves the terminal clean. */
  end(): void;
}

/**
 * A bar on a terminal, plain lines elsewhere; on standard error, so that standard output holds the result alone.
 * `SHOW_PROGRESS` set to false shows nothing, set to true shows lines beside JSON too.
 */
export async function createRunProgress(context: CliContext): Promise<RunProgressDisplay> {
  const { loadConfig } = await import('../config/load-config.js');
  const { showProgress } = (await loadConfig({ ...context.location, plugins: [] })).host;
  const { stderr } = context.io;
  if (showProgress === false || (context.json && showProgress === null)) return silent;
  return stderr.isTTY === true && !context.json ? bar(stderr) : lines(stderr);
}

const silent: RunProgressDisplay = { update: () => undefined, end: () => undefined };

function lines(stderr: CliStream): RunProgressDisplay {
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

async function bar(stderr: CliStream): Promise<RunProgressDisplay> {
  const { SingleBar, Presets } = (await import('cli-progress')).default;
  const single = new SingleBar(
    {
      // The library only writes to it, and asks whether it is a terminal.
      stream: stderr as NodeJS.WritableStream,
      format: '{bar} {percentage}% {text}',
      hideCursor: true,
      clearOnComplete: true,
      gracefulExit: false,
      fps: 20,
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
