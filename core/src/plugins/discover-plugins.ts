import { readdir, readFile } from 'node:fs/promises';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAtollError, z } from '@atoll/sdk';
import type { DiscoveredPlugin } from './discovered-plugin.js';
import { readPackage } from './read-package.js';

export interface DiscoverOptions {
  /** `<data>/plugins` is searched: its folders, and what npm installed in it. */
  dataDir: string;
  /** Folders of single plugins, absolute. */
  paths?: readonly string[];
}

export interface Discovery {
  /** Sorted by id, one each. */
  plugins: DiscoveredPlugin[];
  /** Folders that were meant as plugins and are none, and ids that were found twice. */
  problems: { directory: string; message: string; hint: string | null }[];
}

/** Finds every plugin: those shipped with the host, those named by path, those in the data folder. Runs none of their code. */
export async function discoverPlugins(options: DiscoverOptions): Promise<Discovery> {
  const problems: Discovery['problems'] = [];
  const found = new Map<string, DiscoveredPlugin>();
  const add = async (directory: string, origin: DiscoveredPlugin['origin']): Promise<void> => {
    try {
      const plugin = await readPackage(directory, origin);
      const other = found.get(plugin.id);
      if (!other) found.set(plugin.id, plugin);
      else if (other.directory !== directory) {
        problems.push({
          directory,
          message: `the plugin "${plugin.id}" is there twice: ${other.directory} is used, ${directory} is not`,
          hint: 'Remove one of them, or give it another id.',
        });
      }
    } catch (error) {
      if (!isAtollError(error)) throw error;
      problems.push({ directory, message: error.message, hint: error.hint ?? null });
    }
  };

  for (const directory of options.paths ?? []) await add(directory, 'local');
  for (const directory of await localFolders(join(options.dataDir, 'plugins'))) await add(directory, 'local');
  for (const directory of await installedFolders(join(options.dataDir, 'plugins'), problems))
    await add(directory, 'installed');
  for (const directory of await bundledFolders()) await add(directory, 'bundled');
  const plugins = [...found.values()].sort((a, b) => a.id.localeCompare(b.id));
  return { plugins, problems };
}

/** The shipped plugins are this package's dependencies named `@atoll/plugin-…`. */
async function bundledFolders(): Promise<string[]> {
  const own = findPackageJSON('..', import.meta.url)!;
  const { dependencies } = JSON.parse(await readFile(own, 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return Object.keys(dependencies)
    .filter((name) => name.startsWith('@atoll/plugin-'))
    .map((name) => dirname(fileURLToPath(import.meta.resolve(`${name}/package.json`))));
}

/** Folders directly in `<data>/plugins` that hold a package.json. */
async function localFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter(
    (entry) => (entry.isDirectory() || entry.isSymbolicLink()) && entry.name !== 'node_modules',
  );
  return names.map((entry) => join(folder, entry.name)).sort();
}

/** What `<data>/plugins/package.json` lists as dependencies, apart from the SDK. */
async function installedFolders(folder: string, problems: Discovery['problems']): Promise<string[]> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const installed = installedSchema.safeParse(parseJson(text));
  if (!installed.success) {
    problems.push({
      directory: folder,
      message: `${join(folder, 'package.json')} is no package.json, so the plugins installed there are not found`,
      hint: 'Mend or remove it, and install the plugins again.',
    });
    return [];
  }
  return Object.keys(installed.data.dependencies)
    .filter((name) => name !== '@atoll/sdk')
    .map((name) => join(folder, 'node_modules', name));
}

const installedSchema = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
