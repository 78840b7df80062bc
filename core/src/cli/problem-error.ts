import { AtollError, z } from '@atoll/sdk';

const problemSchema = z.object({
  detail: z.string(),
  code: z.string(),
  errors: z
    .array(z.object({ path: z.string(), message: z.string(), hint: z.string().nullish() }))
    .default([]),
});

const statuses = [400, 401, 403, 404, 409, 413, 415, 429, 500, 502, 503, 504, 507] as const;

/** The answer's body, or the error that the host answered with. `where` names the host in messages. */
export function readAnswer<T>(status: number, body: string, where: string): T {
  const value = parse(body);
  if (status >= 200 && status < 300) {
    if (value !== undefined || body === '') return value as T;
    throw new AtollError('upstream_invalid', `${where} answered with something that is no JSON`, {
      hint: 'Is this the address of an Atoll? See --url and ATOLL_URL.',
    });
  }
  const problem = problemSchema.safeParse(value);
  if (!problem.success) {
    throw new AtollError('upstream_status', `${where} answered with the status ${status}`, {
      hint: 'Is this the address of an Atoll? See --url and ATOLL_URL.',
    });
  }
  const { detail, code, errors } = problem.data;
  const known = statuses.find((one) => one === status);
  throw new AtollError(code, detail, {
    hint: hintOf(code, errors.find(({ hint }) => hint)?.hint),
    status: known,
  });
}

function hintOf(code: string, given: string | null | undefined): string | undefined {
  if (code === 'unauthorized') return 'Give a valid token with --token or ATOLL_TOKEN.';
  return given ?? undefined;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
