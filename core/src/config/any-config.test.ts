import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { environmentKey } from './atoll-variables.js';
import { folderWith, load, plain, radio } from './config.fixture.js';
import { ConfigModel } from './config-model.js';
import { exampleConfig } from './example-config.js';
import { prepareFileValues } from './file-values.js';
import { parseConfig } from './parse-config.js';
import { listFields } from './schema-walk.js';

const model = new ConfigModel([radio, plain]);
const fields = listFields(model.schema).map(({ path }) => path);
const words = [
  'http',
  'port',
  ':',
  ' ',
  '\n',
  '  ',
  '\t',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '&a',
  '*a',
  '!',
  '#',
  '|',
  '<<',
  '---',
  '1',
  '\0',
  'é',
];

describe('whatever stands in a file', () => {
  it('is parsed or refused, never thrown', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom('yaml' as const, 'json' as const), async (content, format) => {
        const parsed = parseConfig(content, format);
        const value = parsed.value;
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
          prepareFileValues({ ...value }, model.schema, () => ({ value: 'x' }));
        }
        for (const { position } of parsed.problems) expect(position?.line ?? 1).toBeGreaterThan(0);
        parsed.locate(['http', 'port', 3], 'value');
      }),
      { numRuns: 300 },
    );
  });

  it('leaves the host with settings it can use', async () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.dictionary(fc.string(), fc.string()),
    );
    const settings = fc.array(fc.tuple(fc.constantFrom(...fields), leaf), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(settings, async (entries) => {
        const overrides: Record<string, unknown> = {};
        for (const [path, value] of entries) {
          let node = overrides;
          for (const key of path.slice(0, -1)) {
            if (typeof node[key] !== 'object' || node[key] === null) node[key] = {};
            node = node[key] as Record<string, unknown>;
          }
          node[path.at(-1) ?? ''] = value;
        }
        const cwd = folderWith({ 'atoll.json': JSON.stringify(overrides) });
        const { host, plugins, problems } = await load({ cwd });
        expect(host.http.port).toBeGreaterThanOrEqual(0);
        expect(host.log.maxSizeBytes).toBeGreaterThan(0);
        expect(typeof host.timezone).toBe('string');
        expect(
          [...plugins.values()].every(({ config, problems: own }) => (config === null) === own.length > 0),
        ).toBe(true);
        expect(problems.every(({ message }) => message !== '' && !message.includes('undefined'))).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('is found where it was broken', async () => {
    const lines = exampleConfig([radio, plain]).split('\n');
    const settings = lines.flatMap((line, index) => (/^\s*[a-z]\w*: ./i.test(line) ? [index] : []));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...settings), async (index) => {
        const broken = lines.with(index, (lines[index] ?? '').replace(/: .*$/, ': {wrong: {}}'));
        const { problems } = await load({ cwd: folderWith({ 'atoll.yaml': broken.join('\n') }) });
        expect(problems.map(({ line }) => line)).toEqual([index + 1]);
      }),
      { numRuns: 20 },
    );
  });
});

it('never throws for the text of any variable', async () => {
  const names = fields.map(environmentKey);
  const variables = fc.dictionary(
    fc.constantFrom(...names, 'LOG_LEVEL', 'TZ', 'DEBUG', 'DATABASE_URL', 'METRICS_PORT', 'RADIO_KEYS'),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(variables, async (env) => {
      const { problems } = await load({ cwd: '/nonexistent', env });
      expect(problems.every(({ variable, path }) => variable !== null || path !== '')).toBe(true);
    }),
    { numRuns: 150 },
  );
});
