import { isOffWord } from '@atoll/sdk';
import { type ConfigModel, type ConfigurablePlugin, pluginSchema, settingsPath } from './config-model.js';
import { type ConfigPath, isConfigObject, valueAt } from './config-path.js';
import type { ConfigValues } from './config-values.js';
import { cronProblem } from './cron-problem.js';
import { describeIssue } from './describe-issue.js';
import { type JsonSchemaNode, schemaNodeAt } from './describe-type.js';
import type { ProblemCollector } from './problem-collector.js';
import { isSecretAt, textsWhere } from './schema-walk.js';

/** Checks the settings of one plugin and tells every problem. Returns the parsed settings, or null. */
export async function checkPlugin(
  plugin: ConfigurablePlugin,
  model: ConfigModel,
  values: ConfigValues,
  problems: ProblemCollector,
): Promise<Readonly<Record<string, unknown>> | null> {
  const base = settingsPath(plugin.id);
  const schema = pluginSchema(plugin);
  const value = valueAt(values.root, base) ?? {};
  try {
    const parsed = await schema.safeParseAsync(value);
    if (parsed.success) {
      checkCron(plugin, value, values, problems);
      return parsed.data;
    }
    const context = {
      value,
      jsonSchema: schemaNodeAt(model.jsonSchema, base) ?? ({} satisfies JsonSchemaNode),
      isSecret: (path: ConfigPath) => isSecretAt(schema, path) || values.isHidden([...base, ...path]),
    };
    for (const issue of parsed.error.issues) {
      for (const { path, ...text } of describeIssue(issue, context)) {
        const full = [...base, ...path];
        if (!values.isBroken(full)) problems.addAt(full, values, text);
      }
    }
  } catch (error) {
    problems.addAt(base, values, {
      message: `cannot be checked: the schema of ${plugin.name} (${plugin.source}) failed: ${errorText(error)}`,
      hint: 'this is a fault of the plugin; report it to its author',
    });
  }
  return null;
}

/** The schema has seen to the form of cron expressions; whether they mean anything is for the host to say. */
function checkCron(
  plugin: ConfigurablePlugin,
  value: unknown,
  values: ConfigValues,
  problems: ProblemCollector,
): void {
  if (!isConfigObject(value)) return;
  for (const cron of textsWhere(pluginSchema(plugin), value, (meta) => meta.format === 'cron')) {
    const problem = isOffWord(cron.value) ? undefined : cronProblem(cron.value);
    if (problem === undefined) continue;
    const path = [...settingsPath(plugin.id), ...cron.path];
    const hidden = values.isHidden(path);
    problems.addAt(path, values, {
      message: hidden ? 'is no usable cron expression' : problem,
      expected: 'a cron expression of five fields',
      received: hidden ? null : cron.value,
      hint: 'minute, hour, day of month, month, day of week; for example 30 4 * * *',
    });
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
