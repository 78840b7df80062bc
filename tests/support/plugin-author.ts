import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './repository.ts';
import { runProgram } from './run-program.ts';

/** What the package of a plugin says of itself. */
export interface PackageOptions {
  /** Its id. */
  id: string;
  /** Folder in `tests/plugins` with its source. */
  source: string;
  version?: string;
  /** Where and with which range it lists the SDK. A bundler takes in what stands under devDependencies. */
  sdk?: { peerDependencies: string } | { devDependencies: string };
}

const shared = ['tsyringe', 'reflect-metadata', 'zod', 'kysely'];

/**
 * Somebody who publishes plugins: a folder with the tarball of the SDK, in which plugins are built and packed as
 * npm packages, without any registry.
 */
export class PluginAuthor {
  readonly #folder: string;
  readonly #sdkTarball: string;

  private constructor(folder: string, sdkTarball: string) {
    this.#folder = folder;
    this.#sdkTarball = sdkTarball;
  }

  /** Packs the SDK. */
  static async at(folder: string): Promise<PluginAuthor> {
    mkdirSync(folder, { recursive: true });
    return new PluginAuthor(folder, await pack(join(repository, 'sdk'), folder));
  }

  /** Builds and packs a plugin; returns the path of its tarball. */
  async publish(options: PackageOptions): Promise<string> {
    const { id, source, version = '1.0.0', sdk = { peerDependencies: '^0.1.0' } } = options;
    const folder = join(this.#folder, id);
    cpSync(join(repository, 'tests', 'plugins', source), join(folder, 'src'), { recursive: true });
    const field = 'peerDependencies' in sdk ? 'peerDependencies' : 'devDependencies';
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({
        name: `atoll-plugin-${id}`,
        version,
        type: 'module',
        files: ['dist'],
        exports: './dist/index.js',
        atoll: { apiVersion: 1, entry: './dist/index.js' },
        // What npm finds beside the SDK's own copies is not the plugin's to choose.
        [field]: { '@atoll/sdk': Object.values(sdk)[0] },
      }),
    );
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { experimentalDecorators: true, target: 'es2024' } }),
    );
    await this.installCopies(folder);
    const external = field === 'peerDependencies' ? shared.flatMap((name) => ['--external', name]) : [];
    await runProgram(
      process.execPath,
      [
        join(repository, 'node_modules', 'tsup', 'dist', 'cli-default.js'),
        'src/index.ts',
        ...['--format', 'esm', '--target', 'node24', '--no-config', '--silent'],
        ...['--env.PLUGIN_ID', id, ...external],
      ],
      { cwd: folder },
    );
    return pack(folder, this.#folder);
  }

  /** Unpacks a tarball of `publish` into `folder`, which becomes the package; it has no node_modules. */
  async unpack(tarball: string, folder: string): Promise<string> {
    mkdirSync(folder, { recursive: true });
    await runProgram('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], { cwd: folder });
    return folder;
  }

  /** Gives a package real copies of the SDK and of everything that it shares with the host, as npm would. */
  async installCopies(folder: string): Promise<void> {
    const modules = join(folder, 'node_modules');
    await this.unpack(this.#sdkTarball, join(modules, '@atoll', 'sdk'));
    for (const name of shared)
      cpSync(join(repository, 'node_modules', name), join(modules, name), { recursive: true });
  }
}

/** `npm pack`; the path of the tarball. */
async function pack(folder: string, destination: string): Promise<string> {
  const printed = await runProgram(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', destination],
    { cwd: folder },
  );
  const [packed] = JSON.parse(printed) as [{ filename: string }];
  return join(destination, packed.filename);
}
