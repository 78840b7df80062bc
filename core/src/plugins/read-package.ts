import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  AtollError,
  type Manifest,
  manifestSchema,
  type PluginDefinition,
  pluginIdSchema,
  z,
} from '@atoll/sdk';
import { incompatibility } from './compatibility.js';
import type { DiscoveredPlugin, PluginOrigin } from './discovered-plugin.js';
import { importEntry } from './import-entry.js';

const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string().default(''),
  atoll: z.unknown().optional(),
  engines: z.record(z.string(), z.string()).default({}),
  dependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});

/** The version of the SDK that this host gives to plugins. */
const sdkVersion: string = (createRequire(import.meta.url)('@atoll/sdk/package.json') as { version: string })
  .version;

/** Reads a plugin's package.json. Throws a `plugin_incompatible` AtollError naming the folder when it is none. */
export async function readPackage(directory: string, origin: PluginOrigin): Promise<DiscoveredPlugin> {
  const file = join(directory, 'package.json');
  const facts = packageSchema.safeParse(await readJson(file));
  if (!facts.success) throw broken(file, z.prettifyError(facts.error));
  if (facts.data.atoll === undefined) {
    throw broken(
      file,
      'it has no "atoll" field',
      'A plugin declares itself as "atoll": { "apiVersion": 1, "entry": "./dist/index.js" }.',
    );
  }
  const manifest = manifestSchema.safeParse(facts.data.atoll);
  if (!manifest.success) throw broken(file, `its "atoll" field is wrong: ${z.prettifyError(manifest.error)}`);
  const id = manifest.data.id ?? idOf(facts.data.name);
  if (!pluginIdSchema.safeParse(id).success) {
    throw broken(
      file,
      `"${id}" is no plugin id`,
      'Set "atoll": { "id": … } to lower-case letters, digits and "-".',
    );
  }
  return {
    id,
    packageName: facts.data.name,
    version: facts.data.version,
    description: facts.data.description,
    origin,
    directory,
    manifest: manifest.data,
    incompatible: incompatibility(
      {
        manifest: manifest.data,
        sdkRange: facts.data.peerDependencies['@atoll/sdk'],
        dependencies: facts.data.dependencies,
        nodeRange: facts.data.engines.node,
      },
      { sdkVersion, nodeVersion: process.versions.node },
    ),
    load: () => loadDefinition(id, directory, manifest.data),
  };
}

async function loadDefinition(id: string, directory: string, manifest: Manifest): Promise<PluginDefinition> {
  const entry = resolve(directory, manifest.entry);
  if (relative(directory, entry).startsWith(`..${sep}`)) {
    throw new AtollError(
      'plugin_incompatible',
      `${id}: its entry ${manifest.entry} is outside of the package`,
      { plugin: id },
    );
  }
  const { default: definition } = await importEntry(id, manifest.entry, pathToFileURL(entry).href);
  if (!isDefinition(definition)) {
    throw new AtollError(
      'plugin_incompatible',
      `${id}: ${manifest.entry} has no default export made by definePlugin`,
      {
        plugin: id,
        hint: 'Write: export default definePlugin({ id, name, setup(ctx) { … } });',
      },
    );
  }
  if (definition.id !== id) {
    throw new AtollError('plugin_incompatible', `${id}: its code calls itself "${definition.id}"`, {
      plugin: id,
      hint: "Make the manifest's id and definePlugin's id equal.",
    });
  }
  return definition;
}

function isDefinition(value: unknown): value is PluginDefinition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    'setup' in value &&
    typeof value.setup === 'function'
  );
}

/** The id a package's name stands for: without scope and without a leading `atoll-` or `plugin-`. */
function idOf(packageName: string): string {
  return packageName.replace(/^@[^/]+\//, '').replace(/^(atoll-)?(plugin-)?/, '');
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw broken(
      file,
      `it cannot be read: ${messageOf(cause)}`,
      "Name the folder that holds the plugin's package.json.",
      cause,
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw broken(file, `it is no JSON: ${messageOf(cause)}`, undefined, cause);
  }
}

function broken(file: string, why: string, hint?: string, cause?: unknown): AtollError {
  return new AtollError('plugin_incompatible', `${file} describes no plugin: ${why}`, { hint, cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
