import { ConfigModel, type ConfigurablePlugin } from './config-model.js';
import type { JsonSchemaNode } from './describe-type.js';
import { exampleValue, settingLines, wrap } from './setting-text.js';
import { unofferedVariables } from './shared-variables.js';

const HEAD = [
  'The configuration of Atoll. Every setting is listed with what it takes and its default.',
  'A line that begins with "#" and no space is a setting: remove the "#" (and those of the keys around it) to change it.',
  'Most settings can come from an environment variable too, named here as "Variable"; it is stronger than this file.',
  'Every variable also works as <NAME>_FILE, with the path of a file that holds the value.',
  `Values may hold \${env:NAME}, \${env:NAME:-default} and \${file:/path}; a literal \${ is written $\${.`,
];

/**
 * A commented `atoll.yaml` with every setting of the host and of these plugins: valid as it is, and the same text
 * every time. Only the address, the port and the plugins stand without comment.
 */
export function exampleConfig(plugins: readonly ConfigurablePlugin[]): string {
  const { properties = {} } = new ConfigModel(plugins).jsonSchema;
  const lines = HEAD.flatMap((text) => wrap(text, 100)).map((line) => `# ${line}`);
  for (const [key, node] of Object.entries(properties)) {
    lines.push('', ...(key === 'plugins' ? pluginLines(node) : keyLines(key, node, 0, key === 'http')));
  }
  return `${lines.join('\n')}\n`;
}

/** Settings that are worth seeing at once. */
const LIVE = new Set(['host', 'port', 'enabled']);

function keyLines(key: string, node: JsonSchemaNode, indent: number, live: boolean): string[] {
  const pad = ' '.repeat(indent);
  const comment = (line: string): string => `${pad}# ${line}`;
  const mark = live ? '' : '#';
  if (node.properties) {
    const title = node.description ?? node.title;
    const children = Object.entries(node.properties).flatMap(([name, child]) =>
      keyLines(name, child, indent + 2, live && LIVE.has(name)),
    );
    return [...(title ? wrap(title, 98 - indent).map(comment) : []), `${pad}${mark}${key}:`, ...children];
  }
  const names = (node['x-env'] ?? []).filter((name) => !unofferedVariables.includes(name));
  const variables = names.length > 0 ? [`Variable: ${names.join(', ')}`] : [];
  return [
    ...settingLines(node, indent + 2).map(comment),
    ...variables.map(comment),
    `${pad}${mark}${key}: ${yamlValue(node)}`,
  ];
}

function pluginLines(node: JsonSchemaNode): string[] {
  const lines = [`# ${node.description ?? 'Plugins by id.'}`, 'plugins:'];
  for (const [id, plugin] of Object.entries(node.properties ?? {})) {
    lines.push(`  # ${plugin.title ?? id}`, `  ${id}:`);
    for (const [key, child] of Object.entries(plugin.properties ?? {}))
      lines.push(...keyLines(key, child, 4, LIVE.has(key)));
  }
  return lines;
}

/** JSON is YAML too. Secrets show how a reference is written instead of a value. */
function yamlValue(node: JsonSchemaNode): string {
  const variable = node['x-env']?.[0];
  if (node.writeOnly) return JSON.stringify(variable ? `\${env:${variable}}` : `\${file:/run/secrets/name}`);
  return JSON.stringify(exampleValue(node));
}
