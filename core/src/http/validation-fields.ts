import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

/** One field of a request that is wrong. */
export interface ProblemField {
  /** Where: `body.tracks.0.title`, `query.limit`. */
  path: string;
  message: string;
  hint: string | null;
}

const parts: Record<string, string> = {
  body: 'body',
  querystring: 'query',
  params: 'params',
  headers: 'headers',
};

/** What a route's zod schema found wrong; undefined for any other error. */
export function validationFields(error: unknown): ProblemField[] | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  const context = error.validationContext ?? 'request';
  const part = parts[context] ?? context;
  return error.validation.map(({ instancePath, message, params }) => {
    const path = instancePath.split('/').filter((step) => step !== '');
    return { path: [part, ...path].join('.'), message: message ?? 'is not valid', hint: hintFor(params) };
  });
}

function hintFor(params: Record<string, unknown>): string | null {
  const { values, keys } = params;
  if (Array.isArray(values)) return `Use one of: ${values.join(', ')}.`;
  if (Array.isArray(keys)) return 'Check the spelling, or leave it out.';
  return null;
}
