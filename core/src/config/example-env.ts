import { configJsonSchema } from '@atoll/sdk';
import { ConfigModel, type ConfigurablePlugin } from './config-model.js';
import type { JsonSchemaNode } from './describe-type.js';
import { environmentSettingsSchema } from './environment-settings.js';
import { exampleValue, settingLines, wrap } from './setting-text.js';
import { unofferedVariables } from './shared-variables.js';

const HEAD = [
  'Environment variables of Atoll, for a .env file beside atoll.yaml or for the environment itself, which is stronger.',
  'Every variable also works as <NAME>_FILE, with the path of a file that holds the value; secrets are looked for in /run/secrets/<name in lower case> first.',
  'An empty variable counts as not set. Lists are separated by commas. Settings without a variable here have one by their path, for example ATOLL__HTTP__SHUTDOWN_MS.',
];

const BOOT: readonly [string, string, string][] = [
  ['ATOLL_CONFIG', 'The config file. Not read from .env.', './atoll.yaml'],
  ['ATOLL_DATA_DIR', 'The data folder.', './data'],
];

interface Variable {
  readonly name: string;
  readonly node: JsonSchemaNode;
}

/** A commented `.env.example` with every variable of the host and of these plugins; nothing in it is set. */
export function exampleEnv(plugins: readonly ConfigurablePlugin[]): string {
  const model = new ConfigModel(plugins);
  const { plugins: pluginsNode, ...host } = model.jsonSchema.properties ?? {};
  const lines = HEAD.flatMap((text) => wrap(text, 100)).map((line) => `# ${line}`);
  const section = (title: string, variables: readonly Variable[]): void => {
    // A variable that several plugins read is explained once, where it comes first.
    const fresh = variables.filter(({ name }) => !lines.some((line) => line.startsWith(`#${name}=`)));
    if (fresh.length > 0) lines.push('', `# --- ${title} ---`, ...fresh.flatMap(variableLines));
  };

  lines.push('', '# --- Atoll ---');
  for (const [name, text, example] of BOOT)
    lines.push(`# ${text} Default: ${example}`, `#${name}=${example}`);
  const variableOnly = configJsonSchema(environmentSettingsSchema) as JsonSchemaNode;
  section('Settings of the host', variablesOf({ properties: host }));
  section('Settings of the host that stand in no file', variablesOf(variableOnly));
  for (const [id, node] of Object.entries(pluginsNode?.properties ?? {}))
    section(node.title ?? id, variablesOf(node));
  return `${lines.join('\n')}\n`;
}

function variablesOf(node: JsonSchemaNode): Variable[] {
  const children = [...Object.values(node.properties ?? {}), ...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  const names = (node['x-env'] ?? []).filter((name) => !unofferedVariables.includes(name));
  return [...names.slice(0, 1).map((name) => ({ name, node })), ...children.flatMap(variablesOf)];
}

function variableLines({ name, node }: Variable): string[] {
  const others = node['x-env']?.slice(1) ?? [];
  return [
    ...settingLines(node, 2).map((line) => `# ${line}`),
    ...(others.length > 0 ? [`# Also read as ${others.join(', ')}.`] : []),
    `#${name}=${envText(node)}`,
  ];
}

function envText(node: JsonSchemaNode): string {
  if (node.writeOnly) return '';
  const value = exampleValue(node);
  if (Array.isArray(value)) return value.join(',');
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
  return /[\s#"'`]/.test(text) ? `'${text}'` : text;
}
