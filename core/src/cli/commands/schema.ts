import type { CliContext } from '../cli-context.js';
import type { DeclareCommand } from '../command.js';

export const declareSchema: DeclareCommand = (program, action) => {
  program
    .command('schema')
    .description('print the JSON Schema of the config file, for editors')
    .action(action(schema));
};

async function schema(context: CliContext): Promise<void> {
  const { configFileSchema } = await import('../../config/config-file-schema.js');
  const { openFullCatalog } = await import('../full-catalog.js');
  const catalog = await openFullCatalog(context);
  context.print(configFileSchema(catalog.configurable()), (value) => JSON.stringify(value, null, 2));
}
