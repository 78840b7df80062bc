import { z } from '@atoll/sdk';
import type { RouteOptions } from 'fastify';
import { describe, expect, it } from 'vitest';
import { checkRouteSchemas } from './route-schemas.js';

const route = (schema: RouteOptions['schema']): RouteOptions => ({
  method: 'GET',
  url: '/songs',
  schema,
  handler: () => {},
});
const shout = z.string().transform((text) => text.toUpperCase());

describe('checkRouteSchemas', () => {
  it.each([
    ['itself', shout, ''],
    ['a member', z.object({ title: shout }), 'title'],
    ['an item', z.object({ songs: z.array(z.object({ title: shout.optional() })) }), 'songs.*.title'],
    ['a union', z.union([z.number(), shout]), ''],
    ['a lazy schema', z.lazy(() => shout), ''],
    ['a preprocess', z.preprocess((value) => value, z.string()), ''],
    ['a record', z.record(z.string(), shout), '*'],
  ])('refuses a transform in %s of a response, naming plugin, route and place', (_where, response, at) => {
    const check = () => checkRouteSchemas('demo', route({ response: { 200: response } }));
    expect(check).toThrow(/^demo: the response schema for status 200 of GET \/songs uses \.transform\(\)/);
    if (at !== '') expect(check).toThrow(` at ${at},`);
  });

  it('looks into responses by content type', () => {
    const response = { 200: { content: { 'application/json': { schema: shout } } } };
    expect(() => checkRouteSchemas('demo', route({ response }))).toThrow(/transform/);
  });

  it('lets codecs, dates, defaults and recursion pass', () => {
    const codec = z.codec(z.iso.datetime(), z.date(), {
      decode: (text) => new Date(text),
      encode: (date) => date.toISOString(),
    });
    const tree: z.ZodType = z.object({
      at: codec,
      day: z.date(),
      n: z.int().default(0),
      next: z.lazy(() => tree.optional()),
    });
    expect(() => checkRouteSchemas('demo', route({ response: { 200: tree } }))).not.toThrow();
  });

  it('allows transforms in what comes in', () => {
    expect(() => checkRouteSchemas('demo', route({ querystring: z.object({ q: shout }) }))).not.toThrow();
  });

  it.each([{ body: { type: 'object' } }, { response: { 200: { type: 'string' } } }])(
    'refuses what is not zod',
    (schema) => {
      expect(() => checkRouteSchemas('demo', route(schema))).toThrow(/is not a zod schema/);
    },
  );
});
