import { AtollError, type RunRecord } from '@atoll/sdk';
import type { CliContext } from '../cli-context.js';
import type { DeclareCommand } from '../command.js';
import { describeRun, duration, runExitCode } from '../describe-run.js';
import { acceptRun, followRun } from '../follow-run.js';
import { listAll } from '../list-all.js';
import { createRunProgress } from '../run-progress.js';
import { formatTable } from '../table.js';

interface JobItem {
  id: string;
  title: string;
  schedule: { text: string; words: string } | null;
  nextRunAt: string | null;
  paused: boolean;
}

export const declareJobs: DeclareCommand = (program, action) => {
  const jobs = program.command('jobs').description('list and run jobs, and look at their runs');
  jobs.command('list').description('list all jobs with their schedules').action(action(list));
  jobs
    .command('run')
    .description('run a job and wait for its end; without a host, its plugin is started for it')
    .argument('<job>', 'full id, for example octogen/generate')
    .option('--input <json>', 'input as JSON')
    .option('--no-wait', 'only start it (needs a running host)')
    .action(action(run));
  jobs
    .command('history')
    .description('list runs, the latest first')
    .argument('[job]', 'only those of this job')
    .option('--outcome <outcome>', 'only those that ended so, for example failed')
    .option('--limit <number>', 'how many', '20')
    .action(action(history));
  jobs
    .command('cancel')
    .description('cancel a run')
    .argument('<run>', 'id of the run')
    .action(action(cancel));
};

async function list(context: CliContext): Promise<void> {
  const items = await listAll<JobItem>(await context.host(), '/api/v1/jobs');
  context.print(items, (jobs) =>
    jobs.length === 0
      ? 'There are no jobs.'
      : formatTable(
          ['JOB', 'TITLE', 'SCHEDULE', 'NEXT RUN'],
          jobs.map((job) => [
            job.id,
            job.title,
            job.schedule?.words ?? 'on demand',
            job.paused ? 'paused' : job.nextRunAt,
          ]),
        ),
  );
}

async function run(
  context: CliContext,
  job: string,
  options: { input?: string; wait: boolean },
): Promise<number> {
  const input = parseInput(options.input);
  const [plugin, name] = job.split('/');
  if (!plugin || !name) {
    throw new AtollError('usage', `"${job}" is not the id of a job`, {
      hint: 'Write <plugin>/<job>, for example octogen/generate; "atoll jobs list" shows them.',
    });
  }
  if (!options.wait) {
    const runId = await acceptRun(await context.host(), job, input);
    context.print({ runId }, () => `${job} is accepted as run ${runId}`);
    return 0;
  }
  const { openHostFor } = await import('../in-process-gateway.js');
  const host = await openHostFor(plugin, context);
  try {
    const runId = await acceptRun(host, job, input);
    const finished = await followRun(host, runId, context.io, await createRunProgress(context));
    context.print(finished, describeRun);
    return runExitCode(finished);
  } finally {
    await host.close();
  }
}

async function history(
  context: CliContext,
  job: string | undefined,
  options: { outcome?: string; limit: string },
): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new AtollError('usage', `"${options.limit}" is not a number of runs`, {
      hint: 'Write --limit 20.',
    });
  }
  const query = { job, outcome: options.outcome };
  const runs = await listAll<RunRecord>(await context.host(), '/api/v1/runs', query, limit);
  context.print(runs, (items) =>
    items.length === 0
      ? 'There are no runs.'
      : formatTable(
          ['RUN', 'JOB', 'STARTED', 'TOOK', 'OUTCOME', 'TRIGGER'],
          items.map((item) => [
            item.id,
            item.job,
            item.startedAt,
            duration(item),
            item.outcome ?? item.state,
            item.trigger,
          ]),
        ),
  );
}

async function cancel(context: CliContext, runId: string): Promise<void> {
  const host = await context.host();
  await host.request('POST', `/api/v1/runs/${encodeURIComponent(runId)}/cancel`);
  context.print({ runId, cancelled: true }, () => `run ${runId} is being cancelled`);
}

function parseInput(text: string | undefined): unknown {
  if (text === undefined) return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AtollError('usage', `--input is not JSON: ${(cause as Error).message}`, {
      hint: `Quote it for the shell: --input '{"dryRun": true}'`,
      cause,
    });
  }
}
