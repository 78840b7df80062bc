import { AtollError, z } from '@atoll/sdk';

const nothing = z.strictObject({});

/** The schema of a job that declares no input. */
export const emptyInput: z.ZodType = nothing;

/** Parses a run's input. Throws `bad_request` that lists every wrong field. */
export async function parseInput(job: string, schema: z.ZodType, input: unknown): Promise<unknown> {
  const parsed = await schema.safeParseAsync(input ?? {});
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  const said = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  throw new AtollError('bad_request', `the input of ${job} is not valid: ${said}`, {
    errors,
    hint: `GET /api/v1/jobs lists the input schema of ${job}.`,
  });
}
