import { AtollError, type z } from '@atoll/sdk';
import type { RouteOptions } from 'fastify';

/**
 * Refuses schemas that would fail at the first request: anything that is not zod, and a response schema with a
 * `.transform()`, which runs one way only and cannot encode an answer.
 */
export function checkRouteSchemas(name: string, route: RouteOptions): void {
  const { schema } = route;
  if (!schema) return;
  const refusal = (where: string, problem: string, hint: string): AtollError =>
    new AtollError('plugin_failed', `${name}: the ${where} of ${route.method} ${route.url} ${problem}`, {
      plugin: name,
      hint,
    });
  for (const part of ['body', 'querystring', 'params', 'headers'] as const) {
    if (schema[part] !== undefined && !isZod(schema[part])) {
      throw refusal(`${part} schema`, 'is not a zod schema.', 'Declare it with z from @atoll/sdk.');
    }
  }
  for (const [status, response] of Object.entries(schema.response ?? {})) {
    for (const answer of answersOf(response)) {
      const where = `response schema for status ${status}`;
      if (!isZod(answer)) throw refusal(where, 'is not a zod schema.', 'Declare it with z from @atoll/sdk.');
      const at = findTransform(answer);
      if (at !== undefined) {
        throw refusal(
          where,
          `uses .transform()${at === '' ? '' : ` at ${at}`}, which cannot encode an answer.`,
          'Use a plain schema or z.codec(), and convert in the handler.',
        );
      }
    }
  }
}

/** The schemas of one response entry: itself, or one for each content type. */
function answersOf(response: unknown): unknown[] {
  if (typeof response !== 'object' || response === null || !('content' in response)) return [response];
  return Object.values(response.content as Record<string, { schema?: unknown }>).map(({ schema }) => schema);
}

function isZod(value: unknown): value is z.core.$ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value;
}

/** The path of the first one-way transform inside a schema; undefined when there is none. */
function findTransform(schema: z.core.$ZodType, path = '', seen = new Set<unknown>()): string | undefined {
  if (seen.has(schema)) return undefined;
  seen.add(schema);
  const def = schema._zod.def as { type: string; [part: string]: unknown };
  if (def.type === 'transform') return path;
  for (const [step, child] of childrenOf(def)) {
    const found = findTransform(child, path === '' ? step : step === '' ? path : `${path}.${step}`, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The schemas directly inside a definition, of whatever kind, with the step of the path that each adds. */
function childrenOf(def: { type: string; [part: string]: unknown }): [string, z.core.$ZodType][] {
  const children: [string, z.core.$ZodType][] = [];
  for (const [part, value] of Object.entries(def)) {
    if (isZod(value)) children.push([part === 'element' || part === 'valueType' ? '*' : '', value]);
    else if (Array.isArray(value))
      children.push(...value.filter(isZod).map((item) => ['', item] as [string, typeof item]));
    else if (part === 'shape') {
      for (const [key, item] of Object.entries(value as object)) if (isZod(item)) children.push([key, item]);
    } else if (part === 'getter' && def.type === 'lazy')
      children.push(['', (value as () => z.core.$ZodType)()]);
  }
  return children;
}
