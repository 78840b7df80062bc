import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AtollError } from '@atoll/sdk';
import type { CliContext } from '../cli-context.js';
import type { DeclareCommand } from '../command.js';

export const declareInit: DeclareCommand = (program, action) => {
  program
    .command('init')
    .description('write a commented atoll.yaml and .env.example')
    .argument('[folder]', 'where to write them', '.')
    .option('--force', 'replace files that are there')
    .action(action(init));
};

async function init(
  context: CliContext,
  folder: string,
  { force = false }: { force?: boolean },
): Promise<void> {
  const { openFullCatalog } = await import('../full-catalog.js');
  const { exampleConfig } = await import('../../config/example-config.js');
  const { exampleEnv } = await import('../../config/example-env.js');
  const catalog = await openFullCatalog(context);
  const directory = resolve(context.io.cwd, folder);
  const files = [
    { file: join(directory, 'atoll.yaml'), text: exampleConfig(catalog.configurable()) },
    { file: join(directory, '.env.example'), text: exampleEnv(catalog.configurable()) },
  ];
  for (const { file, text } of files) write(file, text, force);
  context.print({ files: files.map(({ file }) => file) }, (written) =>
    [
      ...written.files.map((file) => `wrote ${file}`),
      'Next: edit atoll.yaml, see what is still missing with "atoll check", then "atoll start".',
    ].join('\n'),
  );
}

function write(file: string, text: string, force: boolean): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (cause) {
    throw unwritable(dirname(file), cause);
  }
  try {
    writeFileSync(file, text, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritable(file, cause);
    throw new AtollError('conflict', `${file} is there already`, {
      hint: 'Give --force to replace it, or name another folder.',
      cause,
    });
  }
}

function unwritable(path: string, cause: unknown): AtollError {
  return new AtollError('storage_unwritable', `${path} cannot be written: ${(cause as Error).message}`, {
    hint: 'Name a folder that you may write to.',
    cause,
  });
}
