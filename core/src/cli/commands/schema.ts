import type { CliContext } from '../cli-context.js';
import type { DeclareCommand } from '../command.js';

export const declareSchema: DeclareCommand = (program, action) => {
  program
    .command('schema')
    .description('print the JSON Schema of the config file, for editors')
    .action(action(schema));
};

async function schema(context: CliContext): Promise<void> {
  const { Catalog } = await import('../../boot/catalog.js');
  const { configFileSchema } = await import('../../config/config-file-schema.js');
  const catalog = await Catalog.open({ ...context.location, everything: true });
  context.print(configFileSchema(catalog.configurable()), (value) => JSON.stringify(value, null, 2));
}
