import { Catalog } from '../../boot/catalog.js';
import { configFileSchema } from '../../config/config-file-schema.js';
import type { CliContext } from '../cli-context.js';
import type { DeclareCommand } from '../command.js';

export const declareSchema: DeclareCommand = (program, action) => {
  program
    .command('schema')
    .description('print the JSON Schema of the config file, for editors')
    .action(action(schema));
};

async function schema(context: CliContext): Promise<void> {
  const catalog = await Catalog.open({ ...context.location, everything: true });
  context.print(configFileSchema(catalog.configurable()), (value) => JSON.stringify(value, null, 2));
}
