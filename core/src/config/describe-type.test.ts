import { byteSize, configJsonSchema, cronExpression, duration, httpUrl, timeZone } from '@atoll/sdk';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeType, type JsonSchemaNode } from './describe-type.js';

it.each<[z.ZodType, string]>([
  [z.int().min(1).max(9).meta({ unit: 'songs' }), 'a whole number from 1 to 9 (songs)'],
  [z.int(), 'a whole number'],
  [z.number().max(1), 'a number of at most 1'],
  [z.number().positive(), 'a number above 0'],
  [z.number().min(5), 'a number of at least 5'],
  [z.string(), 'text'],
  [z.string().min(1), 'text, not empty'],
  [z.string().min(2).max(5), 'text of 2 to 5 characters'],
  [z.string().length(4), 'text of 4 characters'],
  [z.boolean(), 'true or false'],
  [z.enum(['a', 'b']), 'one of a, b'],
  [z.enum(['', 'a']), 'one of nothing, a'],
  [z.literal('a'), '"a"'],
  [z.union([z.int().min(1), z.literal('auto')]), 'a whole number of at least 1 or "auto"'],
  [z.array(z.int().max(3)).min(2), 'a list of at least 2 items, each a whole number of at most 3'],
  [z.strictObject({ a: z.string(), b: z.string() }), 'keys (a, b)'],
  [z.record(z.string(), z.int()), 'keys, each with a whole number'],
  [z.unknown(), 'any value'],
  [httpUrl(), 'a URL that starts with http:// or https://'],
  [cronExpression(), 'a cron expression of five fields'],
  [timeZone(), 'an IANA time zone'],
  [
    duration({ unit: 's', min: 1_000, max: 60_000 }),
    'a duration such as 30s, 5m or 6h, in s from 1 to 60; a bare number means s',
  ],
  [duration(), 'a duration such as 30s, 5m or 6h; a bare number means ms'],
  [byteSize({ min: 1024 }), 'a size such as 10MB, in bytes of at least 1024; a bare number means bytes'],
])('describes field %# as it should', (schema, text) => {
  const node = (configJsonSchema(z.strictObject({ field: schema })) as JsonSchemaNode).properties?.field;
  expect(node && describeType(node)).toBe(text);
});
