import { AtollError, type JobSpec, type Logger, type RunContext, z } from '@atoll/sdk';
import { emptyInput } from './job-input.js';
import { type Firings, readSchedule, type ScheduleOverride } from './schedule.js';

/** A job with all its defaults filled in. */
export interface JobDefinition {
  /** `<plugin>/<name>`. */
  readonly id: string;
  readonly plugin: string;
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  readonly input: z.ZodType;
  /** Null: on demand only. */
  readonly firings: Firings | null;
  readonly timeoutMs: number;
  readonly graceMs: number;
  readonly overlap: NonNullable<JobSpec['overlap']>;
  readonly missed: NonNullable<JobSpec['missed']>;
  readonly onInterrupt: NonNullable<JobSpec['onInterrupt']>;
  /** Attempts after the first. */
  readonly retries: { attempts: number; backoffMs: number };
  readonly logger: Logger;
  run(context: RunContext<unknown>): unknown;
}

/** What of a job's definition does not come from its spec. */
interface DefinitionContext {
  plugin: string;
  logger: Logger;
  /** IANA name, for cron expressions without a zone of their own. */
  timezone: string;
  override: ScheduleOverride | undefined;
}

/**
 * Checks a job's spec and fills in its defaults. Throws `plugin_failed` for a spec that is wrong in itself,
 * ConfigError for a schedule that cannot be read.
 */
export function defineJob<S extends z.ZodType, Result>(
  spec: JobSpec<S, Result>,
  { plugin, logger, timezone, override }: DefinitionContext,
): JobDefinition {
  const id = `${plugin}/${spec.name}`;
  const wrong = (what: string, hint: string): AtollError =>
    new AtollError('plugin_failed', `job ${id}: ${what}`, { plugin, hint });

  if (!/^[a-z][a-z0-9-]*$/.test(spec.name))
    throw wrong(`"${spec.name}" is not a name for a job`, 'Use lower-case letters, digits and "-".');
  const { timeoutMs = 3_600_000, graceMs = 5000, retries } = spec;
  const { attempts = 0, backoffMs = 1000 } = retries ?? {};
  const limits: [string, number, number][] = [
    ['timeoutMs', timeoutMs, 1],
    ['graceMs', graceMs, 0],
    ['retries.attempts', attempts, 0],
    ['retries.backoffMs', backoffMs, 0],
  ];
  for (const [field, value, least] of limits)
    if (!Number.isFinite(value) || value < least)
      throw wrong(`${field} is ${value}`, `Use a number of at least ${least}.`);

  const schedule = override ?? spec.schedule ?? false;
  const path = override === undefined ? `jobs.${spec.name}.schedule` : `schedules.${spec.name}`;
  const firings = schedule === false ? null : readSchedule(schedule, { path, plugin, timezone });
  const input: z.ZodType = spec.input ?? emptyInput;
  if (firings && needsInput(input))
    throw wrong(
      'it has a schedule, but its input has fields without a default',
      'Give every field of the input a default: a firing runs with what {} parses to.',
    );
  return {
    id,
    plugin,
    name: spec.name,
    title: spec.title ?? spec.name,
    description: spec.description ?? null,
    input,
    firings,
    timeoutMs,
    graceMs,
    overlap: spec.overlap ?? 'skip',
    missed: spec.missed ?? 'skip',
    onInterrupt: spec.onInterrupt ?? 'fail',
    retries: { attempts, backoffMs },
    logger,
    // The context's input is what `input` parsed, so it is what `run` takes.
    run: (context) => spec.run(context as RunContext<z.output<S>>),
  };
}

function needsInput(schema: z.ZodType): boolean {
  try {
    return !schema.safeParse({}).success;
  } catch (error) {
    // An asynchronous schema cannot be asked here; the first firing tells.
    if (error instanceof z.core.$ZodAsyncError) return false;
    throw error;
  }
}
