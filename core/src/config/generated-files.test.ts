import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { load, loadYaml, plain, radio } from './config.fixture.js';
import { configFileSchema } from './config-file-schema.js';
import { ConfigModel } from './config-model.js';
import { exampleConfig } from './example-config.js';
import { exampleEnv } from './example-env.js';
import { listFields } from './schema-walk.js';

const plugins = [radio, plain];

describe('exampleConfig', () => {
  const text = exampleConfig(plugins);

  it('is valid as it is, and changes nothing', async () => {
    const config = await loadYaml(text);
    const empty = await load();
    expect(config.problems).toEqual([]);
    expect(config.notices).toEqual([]);
    expect(config.host.http).toEqual(empty.host.http);
    expect(Object.keys(parse(text))).toEqual(['http', 'plugins']);
  });

  it('names every setting', () => {
    const tree = parse(text.replace(/^(\s*)#(?! )/gm, '$1'));
    const missing = listFields(new ConfigModel(plugins).schema).filter(({ path }) => {
      let node: unknown = tree;
      for (const key of path) node = (node as Record<string, unknown> | null)?.[key];
      return node === undefined;
    });
    expect(missing.map(({ path }) => path.join('.'))).toEqual([]);
  });

  it('has only values that are right where it shows a default', async () => {
    const env = { RADIO_PASSWORD: 'some-password' };
    const config = await loadYaml(text.replace(/^(\s*)#(?! )/gm, '$1'), { env });
    expect(config.problems).toEqual([]);
  });

  it('tells type, unit, range, default and variable', () => {
    expect(text).toContain(
      '      # Takes a whole number from 1 to 100 (songs). Default: 25.\n      # Variable: RADIO_SIZE\n      #size: 25\n',
    );
    expect(text).toContain('#password: "$' + '{env:RADIO_PASSWORD}"');
  });

  it('is the same text every time', () => expect(exampleConfig(plugins)).toBe(text));
});

describe('exampleEnv', () => {
  const text = exampleEnv(plugins);

  it('sets nothing as it is', async () => {
    const config = await load({ files: { '.env': text } });
    expect(config.problems).toEqual([]);
    expect(config.overridden).toEqual([]);
  });

  it('is right with every line uncommented', async () => {
    const uncommented = text.replace(/^#(?=[A-Z])/gm, '').replace(/^ATOLL_CONFIG=.*$/gm, '');
    const config = await load({ files: { '.env': uncommented } });
    expect(config.problems).toEqual([]);
    expect(config.notices).toEqual([]);
  });

  it('names every variable once', async () => {
    const { variables } = await load();
    for (const { name } of variables.filter((variable) => variable.name !== 'DATABASE_URL')) {
      expect(text.match(new RegExp(`^(#${name}=|# Also read as .*\\b${name}\\b)`, 'gm')), name).toHaveLength(
        1,
      );
    }
  });

  it('is the same text every time', () => expect(exampleEnv(plugins)).toBe(text));
});

describe('configFileSchema', () => {
  it('describes the host and every plugin, and takes references', () => {
    expect(configFileSchema(plugins)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Atoll configuration',
      additionalProperties: false,
      properties: {
        http: {
          properties: {
            port: { default: 4700, anyOf: [{ type: 'integer', maximum: 65535 }, { type: 'string' }] },
          },
        },
        plugins: {
          properties: {
            radio: {
              properties: {
                config: {
                  properties: { server: { properties: { password: { type: 'string', writeOnly: true } } } },
                },
              },
            },
          },
        },
      },
    });
    expect(JSON.parse(JSON.stringify(configFileSchema(plugins)))).toEqual(configFileSchema(plugins));
  });
});
