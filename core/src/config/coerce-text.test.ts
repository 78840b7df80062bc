import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { coerceText } from './coerce-text.js';

const read = (schema: z.ZodType, text: string): unknown => {
  const coerced = coerceText(schema, text);
  if (!coerced.ok) throw new Error(coerced.expected);
  return coerced.value;
};

describe('coerceText', () => {
  it.each<[z.ZodType, string, unknown]>([
    [z.string(), ' as it is ', ' as it is '],
    [z.number(), ' 1.5 ', 1.5],
    [z.int(), '-3', -3],
    [z.number(), '1e3', 1000],
    [z.bigint(), '9007199254740993', 9007199254740993n],
    [z.boolean(), 'YES', true],
    [z.boolean().optional().default(true).readonly(), 'off', false],
    [z.enum(['Calm', 'loud']), 'calm', 'Calm'],
    [z.literal([1, 2]), '2', 2],
    [z.array(z.int()), '1, 2,3', [1, 2, 3]],
    [z.array(z.string()), '', []],
    [z.array(z.array(z.int())), '[[1],[2]]', [[1], [2]]],
    [z.tuple([z.int(), z.boolean()]), '4,on', [4, true]],
    [z.object({ a: z.int() }), '{"a": 1}', { a: 1 }],
    [z.record(z.string(), z.int()), '{"a": 1}', { a: 1 }],
    [z.union([z.number(), z.literal('auto')]), 'auto', 'auto'],
    [z.union([z.number(), z.literal('auto')]), '4', 4],
    [z.union([z.string(), z.number()]), '4', '4'],
    [z.nullable(z.number()), '4', 4],
    [z.lazy(() => z.boolean()), '1', true],
    [z.preprocess((value) => value, z.int()), '7', 7],
    [z.string().transform((text) => text.length), 'abc', 'abc'],
    [z.unknown(), '{"a":1}', { a: 1 }],
    [z.unknown(), 'text', 'text'],
  ])('%# reads %j', (schema, text, value) => expect(read(schema, text)).toEqual(value));

  it.each<[z.ZodType, string, string]>([
    [z.number(), '12px', 'a number'],
    [z.number(), '0x10', 'a number'],
    [z.number(), 'Infinity', 'a number'],
    [z.number(), '', 'a number'],
    [z.bigint(), '1.5', 'a whole number'],
    [z.boolean(), 'maybe', 'true or false (also 1, yes, on; 0, no, off)'],
    [z.array(z.int()), '1,x', 'a list of items, each a number'],
    [z.array(z.int()), '[1,', 'a list, as JSON or separated by commas'],
    [z.object({}), '[]', 'a JSON object'],
    [z.object({}), 'null', 'a JSON object'],
  ])('%# refuses %j', (schema, text, expected) => {
    expect(coerceText(schema, text)).toEqual({ ok: false, expected });
  });

  it('reads every finite number back from its text', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (value) => read(z.number(), String(value)) === value,
      ),
    );
  });

  it('reads lists back, as JSON and separated by commas', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (list) => {
        expect(read(z.array(z.string()), JSON.stringify(list))).toEqual(list);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]+( [a-z]+)?$/)), (list) => {
        expect(read(z.array(z.string()), list.join(' , '))).toEqual(list);
      }),
    );
  });

  it('never throws, and gives only what the field’s type can be', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const number = coerceText(z.number(), text);
        const flag = coerceText(z.boolean(), text);
        expect(!number.ok || Number.isFinite(number.value) || /e/i.test(text)).toBe(true);
        expect(!flag.ok || typeof flag.value === 'boolean').toBe(true);
      }),
    );
  });
});
