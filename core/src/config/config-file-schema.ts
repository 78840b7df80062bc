import { ConfigModel, type ConfigurablePlugin } from './config-model.js';
import { isConfigObject } from './config-path.js';
import type { JsonSchemaNode } from './describe-type.js';

/** A text that holds a reference fits every field: what it stands for is checked when it is filled in. */
const REFERENCE = { type: 'string', pattern: '\\$\\{(env|file):[^}]+\\}' };

/** The JSON Schema (draft 2020-12) of a whole config file with these plugins, for editors. */
export function configFileSchema(plugins: readonly ConfigurablePlugin[]): Record<string, unknown> {
  const { $schema, ...schema } = new ConfigModel(plugins).jsonSchema as JsonSchemaNode & { $schema?: string };
  return {
    $schema: $schema ?? 'https://json-schema.org/draft/2020-12/schema',
    ...withReferences(schema),
    title: 'Atoll configuration',
  };
}

function withReferences(node: JsonSchemaNode): Record<string, unknown> {
  const result: Record<string, unknown> = { ...node };
  if (node.properties) {
    result.properties = Object.fromEntries(
      Object.entries(node.properties).map(([key, child]) => [key, withReferences(child)]),
    );
  }
  if (isConfigObject(node.additionalProperties))
    result.additionalProperties = withReferences(node.additionalProperties);
  if (node.items) result.items = withReferences(node.items);
  return isNarrow(node) ? alsoReference(result) : result;
}

/** True for a field that would refuse the text of a reference. */
function isNarrow(node: JsonSchemaNode): boolean {
  if (node.type === 'object' || node.type === undefined) return false;
  const anyText = node.type === 'string' || (Array.isArray(node.type) && node.type.includes('string'));
  return !anyText || node.enum !== undefined || node.pattern !== undefined || node.format === 'uri';
}

/** Keeps what describes the field outside, where editors look for it. */
function alsoReference(node: Record<string, unknown>): Record<string, unknown> {
  const { title, description, default: fallback, ...rest } = node;
  return {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [rest, REFERENCE],
  };
}
