import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cronExpression, httpUrl } from '@atoll/sdk';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import type { ConfigurablePlugin } from './config-model.js';
import { type LoadConfigOptions, loadConfig } from './load-config.js';
import type { LoadedConfig } from './loaded-config.js';

/** A plugin with one field of every kind that matters. */
export const radio: ConfigurablePlugin = {
  id: 'radio',
  name: 'Radio',
  source: 'test',
  schema: z.strictObject({
    server: z
      .strictObject({
        url: httpUrl()
          .optional()
          .meta({ title: 'Address', description: 'Address of the server.', env: ['RADIO_URL'] }),
        password: z
          .string()
          .min(4)
          .optional()
          .meta({ title: 'Password', env: ['RADIO_PASSWORD', 'RADIO_PASS'], secret: true }),
      })
      .prefault({}),
    size: z
      .int()
      .min(1)
      .max(100)
      .default(25)
      .meta({ unit: 'songs', env: ['RADIO_SIZE'] }),
    loud: z
      .boolean()
      .default(false)
      .meta({ env: ['RADIO_LOUD'] }),
    mode: z
      .enum(['calm', 'lively'])
      .default('calm')
      .meta({ env: ['RADIO_MODE'] }),
    genres: z
      .array(z.string())
      .default([])
      .meta({ env: ['RADIO_GENRES'] }),
    weights: z
      .record(z.string(), z.number())
      .default({})
      .meta({ env: ['RADIO_WEIGHTS'] }),
    keys: z.array(z.strictObject({ name: z.string(), token: z.string().meta({ secret: true }) })).default([]),
    cron: cronExpression({ off: true })
      .optional()
      .meta({ env: ['RADIO_CRON'] }),
  }),
};

/** A plugin without settings. */
export const plain: ConfigurablePlugin = { id: 'plain', name: 'Plain', source: 'test', schema: null };

/** A folder that is gone after the test, with these files in it. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'atoll-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export type LoadFixture = Partial<LoadConfigOptions> & { files?: Readonly<Record<string, string>> };

/** Loads the configuration of a folder with `files`, with nothing of the machine's own environment. */
export async function load({ files = {}, ...options }: LoadFixture = {}): Promise<LoadedConfig> {
  const cwd = options.cwd ?? folderWith(files);
  return loadConfig({ cwd, env: {}, plugins: [radio, plain], secretsDir: join(cwd, 'secrets'), ...options });
}

/** Loads `atoll.yaml` with this text. */
export function loadYaml(text: string, options: LoadFixture = {}): Promise<LoadedConfig> {
  return load({ ...options, files: { ...options.files, 'atoll.yaml': text } });
}

/** The problems in one line each: `line path message`. */
export function problemLines(config: LoadedConfig): string[] {
  return config.problems.map(({ line, variable, path, message }) =>
    [line, variable, path, message].filter((part) => part !== null && part !== '').join(' '),
  );
}
