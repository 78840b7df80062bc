import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { environmentKey, findTarget } from './atoll-variables.js';
import { plain, radio } from './config.fixture.js';
import { ConfigModel } from './config-model.js';
import { listFields } from './schema-walk.js';

const schema = new ConfigModel([radio, plain, { ...plain, id: 'two-words', name: 'Two words' }]).schema;

describe('findTarget', () => {
  it.each([
    ['ATOLL__HTTP__PORT', ['http', 'port']],
    ['ATOLL__HTTP__SHUTDOWNMS', ['http', 'shutdownMs']],
    ['ATOLL__HTTP__SHUTDOWN_MS', ['http', 'shutdownMs']],
    ['ATOLL__LOG__FILE', ['log', 'file']],
    ['ATOLL__PLUGINS__TWO_WORDS__ENABLED', ['plugins', 'two-words', 'enabled']],
    ['ATOLL__PLUGINS__RADIO__SCHEDULES__FULL_SCAN', ['plugins', 'radio', 'schedules', 'full-scan']],
  ])('%s', (name, path) => expect(findTarget(schema, name)).toEqual({ kind: 'path', path, variable: name }));

  it('takes _FILE off where no key is called so', () => {
    expect(findTarget(schema, 'ATOLL__HTTP__PORT_FILE')).toMatchObject({ variable: 'ATOLL__HTTP__PORT' });
    expect(findTarget(schema, 'ATOLL__LOG__FILE_FILE')).toMatchObject({ variable: 'ATOLL__LOG__FILE' });
  });

  it.each([
    ['ATOLL__HTTP__PROT', 'did you mean ATOLL__HTTP__PORT?'],
    ['ATOLL__PLUGINS__RADIO__SIZE', /plugins\.radio has enabled, required/],
    ['ATOLL__HTTP__PORT__X', /has no keys of its own/],
    ['ATOLL__', /has http, storage/],
  ])('%s names nothing', (name, hint) => {
    expect(findTarget(schema, name)).toMatchObject({ kind: 'unknown', hint: expect.stringMatching(hint) });
  });

  it('does not reach a prototype', () => {
    const open = z.object({ any: z.record(z.string(), z.string()) });
    for (const key of ['CONSTRUCTOR', 'constructor', 'PROTOTYPE']) {
      expect(findTarget(open, `ATOLL__ANY__${key}`).kind).toBe('unknown');
    }
  });

  it('finds every field by the name that environmentKey gives it', () => {
    const fields = listFields(schema);
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.boolean(), ({ path }, lower) => {
        const name = environmentKey(path);
        expect(findTarget(schema, lower ? name.toLowerCase() : name)).toMatchObject({ kind: 'path', path });
      }),
    );
  });
});
