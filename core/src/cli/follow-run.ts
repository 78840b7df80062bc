import type { RunRecord } from '@atoll/sdk';
import type { CliIo } from './cli-io.js';
import { exitCodes } from './exit-codes.js';
import type { HostGateway } from './host-gateway.js';
import type { RunProgressDisplay } from './run-progress.js';

const firstPollMs = 100;
const slowestPollMs = 1_000;

/** Starts a job; the answer names the run. */
export async function acceptRun(
  host: Pick<HostGateway, 'request'>,
  job: string,
  input: unknown,
): Promise<string> {
  const path = `/api/v1/jobs/${encodeURIComponent(job)}/run`;
  const { runId } = await host.request<{ runId: string }>('POST', path, { input });
  return runId;
}

/**
 * Follows a run to its end. A signal cancels the run, and a second one ends the process at once, leaving the run
 * to the host.
 */
export async function followRun(
  host: Pick<HostGateway, 'request'>,
  runId: string,
  io: Pick<CliIo, 'sleep' | 'onSignal' | 'abort'>,
  display: RunProgressDisplay,
): Promise<RunRecord> {
  const path = `/api/v1/runs/${encodeURIComponent(runId)}`;
  let signals = 0;
  let cancelling: Promise<unknown> | undefined;
  const stopListening = io.onSignal(() => {
    if (signals++ > 0) io.abort(exitCodes.failed);
    // A run that has ended meanwhile cannot be cancelled; following it tells.
    else cancelling = host.request('POST', `${path}/cancel`).catch(() => undefined);
  });
  try {
    for (let wait = firstPollMs; ; wait = Math.min(wait * 1.5, slowestPollMs)) {
      const run = await host.request<RunRecord>('GET', path);
      display.update(run);
      if (run.state === 'finished') return run;
      await io.sleep(wait);
      await cancelling;
    }
  } finally {
    display.end();
    void stopListening();
  }
}
