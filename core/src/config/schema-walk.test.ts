import { cronExpression } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  isSecretAt,
  isSecretMeta,
  kindOf,
  knownKeys,
  listFields,
  peel,
  schemaAt,
  takesObject,
  textsWhere,
} from './schema-walk.js';

const secret = z.string().meta({ secret: true });
const schema = z.strictObject({
  login: z
    .union([
      z.strictObject({ kind: z.literal('key'), key: secret }),
      z.strictObject({ kind: z.literal('none') }),
    ])
    .optional(),
  tokens: z.array(secret).default([]),
  byName: z.record(z.string(), z.strictObject({ token: secret.optional() })).prefault({}),
  vault: z.unknown().meta({ secret: true }),
  both: z.intersection(z.object({ a: z.int() }), z.object({ b: z.string() })),
  pair: z.tuple([z.string(), secret]),
});

describe('peel', () => {
  it('joins the metadata of all layers, the outer ones first', () => {
    const field = z
      .string()
      .meta({ title: 'inner', env: ['A'] })
      .default('x')
      .meta({ title: 'outer' })
      .optional();
    expect(peel(field).meta).toMatchObject({ title: 'outer', env: ['A'] });
    expect(peel(z.string().nullable()).nullable).toBe(true);
  });
});

describe('secrets', () => {
  it('are found in unions, lists, records, tuples and free-form values', () => {
    const value = {
      login: { kind: 'key', key: 'k1' },
      tokens: ['t1', 't2'],
      byName: { a: { token: 'n1' } },
      vault: { deep: ['v1', { x: 'v2' }], n: 4 },
      pair: ['plain', 'p1'],
    };
    expect(textsWhere(schema, value, isSecretMeta).map((text) => text.value)).toEqual([
      'k1',
      't1',
      't2',
      'n1',
      'v1',
      'v2',
      'p1',
    ]);
    expect(isSecretAt(schema, ['vault', 'deep', 0])).toBe(true);
    expect(isSecretAt(schema, ['tokens', 1])).toBe(true);
    expect(isSecretAt(schema, ['login', 'kind'])).toBe(false);
    expect(isSecretAt(schema, ['nothing', 'here'])).toBe(false);
  });
});

it('looks into the kinds of text a field takes', () => {
  const field = z.strictObject({
    when: z.union([z.enum(['', 'manual']), cronExpression()]),
    login: z.union([z.literal('none'), z.string().min(4).meta({ secret: true })]),
  });
  const crons = (when: string) => textsWhere(field, { when }, (meta) => meta.format === 'cron');
  expect(crons('manual')).toEqual([]);
  expect(crons('0 4 * * *')).toEqual([{ path: ['when'], value: '0 4 * * *' }]);
  expect(textsWhere(field, { login: 'none' }, isSecretMeta)).toEqual([]);
  expect(textsWhere(field, { login: 'hidden' }, isSecretMeta)).toHaveLength(1);
  expect(textsWhere(field, { login: 'bad' }, isSecretMeta)).toHaveLength(1);
  expect(isSecretAt(field, ['login'])).toBe(true);
});

it('lists every named field once', () => {
  expect(listFields(schema).map(({ path }) => path.join('.'))).toEqual([
    'login',
    'login.kind',
    'login.key',
    'tokens',
    'byName',
    'vault',
    'both',
    'both.a',
    'both.b',
    'pair',
  ]);
});

it('finds schemas by path', () => {
  expect(schemaAt(schema, ['byName', 'any', 'token'])).toBeDefined();
  expect(schemaAt(schema, ['login', 'token'])).toBeUndefined();
  expect(schemaAt(schema, ['tokens', 'x'])).toBeUndefined();
  expect(knownKeys(schema.shape.both)).toEqual(['a', 'b']);
  expect([schema.shape.login, schema.shape.byName, schema.shape.tokens].map(takesObject)).toEqual([
    true,
    true,
    false,
  ]);
});

it('names kinds so that equal ones compare equal', () => {
  expect(kindOf(z.int().default(3))).toBe(kindOf(z.number()));
  expect(kindOf(z.enum(['b', 'a']))).toBe(kindOf(z.enum(['a', 'b']).optional()));
  expect(kindOf(z.string())).not.toBe(kindOf(z.string().meta({ format: 'uri' })));
  expect(kindOf(z.union([z.string(), z.number()]))).toBe(kindOf(z.union([z.number(), z.string()])));
});
