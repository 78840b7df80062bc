import { AtollError } from '@atoll/sdk';

/** Bytes of JSON that a run's input may have. */
const inputLimit = 64 * 1024;
/** Bytes of JSON that a run's result may have. */
const resultLimit = 256 * 1024;

/** The JSON of a run's input. Throws `bad_request` when it has none, `payload_too_large` above the limit. */
export function encodeInput(job: string, input: unknown): string {
  let json: string;
  try {
    json = JSON.stringify(input ?? {});
  } catch (error) {
    throw new AtollError('bad_request', `the input of ${job} is not JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
  if (Buffer.byteLength(json) > inputLimit)
    throw new AtollError(
      'payload_too_large',
      `the input of ${job} is larger than ${inputLimit} bytes of JSON`,
      {
        hint: 'Store the data first and give the job a reference to it.',
      },
    );
  return json;
}

/** The JSON of what a job returned, null for nothing. Throws `job_result_invalid` when it cannot be kept. */
export function encodeResult(job: string, result: unknown): string | null {
  let json: string | undefined;
  try {
    json = JSON.stringify(result);
  } catch (error) {
    throw invalid(job, `is not JSON (${error instanceof Error ? error.message : String(error)})`, error);
  }
  if (json === undefined) {
    if (result === undefined) return null;
    throw invalid(job, `is a ${typeof result}, which has no JSON`);
  }
  const bytes = Buffer.byteLength(json);
  if (bytes > resultLimit) throw invalid(job, `has ${bytes} bytes of JSON; at most ${resultLimit} are kept`);
  return json;
}

function invalid(job: string, what: string, cause?: unknown): AtollError {
  return new AtollError('job_result_invalid', `${job} did its work, but what it returned ${what}`, {
    hint: "Return a small plain object; keep large data in the plugin's storage.",
    cause,
  });
}
