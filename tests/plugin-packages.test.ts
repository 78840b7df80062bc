import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AtollFolder } from './support/atoll-folder.ts';
import type { HostProcess } from './support/host-process.ts';
import { PluginAuthor } from './support/plugin-author.ts';
import { repository } from './support/repository.ts';
import { runProgram } from './support/run-program.ts';

/** What the plugin `packaged` tells when it works with the host's copies of everything. */
const asOne = {
  greeting: 'Hello',
  titles: ['Atoll', 'Lagoon'],
  injectedLogger: true,
  oneSingleton: true,
  ownRootContainerUnused: true,
  zodOfTheSdk: true,
  kyselyOfTheHost: true,
  errorOfTheHost: true,
};

describe('plugins as packed tarballs', () => {
  let folder: AtollFolder;
  let author: PluginAuthor;
  let host: HostProcess;
  const installed = () => join(folder.dataDir, 'plugins');

  beforeAll(async () => {
    folder = new AtollFolder();
    author = await PluginAuthor.at(join(folder.path, 'author'));
    const unpacked = (tarball: string, name: string) => author.unpack(tarball, join(folder.path, name));

    const bare = await unpacked(await author.publish({ id: 'bare', source: 'packaged' }), 'bare');
    const copies = await unpacked(
      await author.publish({ id: 'own-copies', source: 'packaged' }),
      'own-copies',
    );
    await author.installCopies(copies);
    const wrongRange = await unpacked(
      await author.publish({ id: 'wrong-range', source: 'packaged', sdk: { peerDependencies: '^7.0.0' } }),
      'wrong-range',
    );
    const bundled = await unpacked(
      await author.publish({ id: 'bundled', source: 'packaged', sdk: { devDependencies: '^0.1.0' } }),
      'bundled',
    );
    const implicit = await unpacked(
      await author.publish({ id: 'implicit-injection', source: 'implicit-injection' }),
      'implicit-injection',
    );
    prepareInstallation(installed());
    await install(installed(), await author.publish({ id: 'from-npm', source: 'packaged' }));

    host = await folder.start({ plugins: [bundled, bare, wrongRange, copies, implicit] });
  });

  afterAll(async () => {
    await folder?.[Symbol.asyncDispose]();
  });

  it.each([
    ['bare', 'by a path, without any node_modules'],
    ['own-copies', 'with real copies of the SDK and its libraries beside it'],
    ['from-npm', 'installed by npm in the data folder'],
  ])('runs %s: %s', async (id) => {
    await expect(host.plugin(id)).resolves.toMatchObject({ state: 'running', reason: null });
    await expect(host.call(`/api/plugins/${id}/facts`)).resolves.toMatchObject(asOne);
  });

  it("hands the host's copies to every plugin, whatever stands beside it", async () => {
    const places = await Promise.all(
      ['bare', 'own-copies', 'from-npm'].map(async (id) => {
        const { copies } = await host.call<{ copies: string[] }>(`/api/plugins/${id}/facts`);
        return copies;
      }),
    );
    const own = pathToFileURL(repository).href;
    expect(places[0]?.filter((copy) => !copy.startsWith(`${own}/`))).toEqual([]);
    expect(places[1]).toEqual(places[0]);
    expect(places[2]).toEqual(places[0]);
  });

  it('refuses a plugin for another SDK and says what to update', async () => {
    const plugin = await host.plugin('wrong-range');
    expect(plugin.state).toBe('incompatible');
    expect(plugin.reason).toMatch(
      /needs @atoll\/sdk \^7\.0\.0, and this host has 0\.1\.0: update the plugin or/,
    );
  });

  it('refuses a plugin that brings the SDK in its bundle and says how to build it', async () => {
    const plugin = await host.plugin('bundled');
    expect(plugin.state).toBe('incompatible');
    expect(plugin.reason).toMatch(/bundled: it bundles a copy of @atoll\/sdk of its own/);
    expect(plugin.reason).toMatch(/peerDependencies.*external/);
    expect((await host.request('/api/plugins/bundled/facts')).status).toBe(503);
  });

  it('goes on refusing it when somebody restarts it', async () => {
    const answer = await host.request('/api/v1/plugins/bundled/restart', { method: 'POST' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatch(/bundles a copy/);
    expect((await host.plugin('bundled')).state).toBe('incompatible');
  });

  it('names the parameter of a built class that lacks its @inject, and the cure', async () => {
    const plugin = await host.plugin('implicit-injection');
    expect(plugin.state).toBe('failed');
    expect(plugin.reason).toMatch(/cannot build Machine/);
    expect(plugin.reason).toMatch(/name every constructor parameter with @inject\(TOKEN\)/);
  });

  it('lets npm refuse, at the installation, a plugin for another SDK', async () => {
    const tarball = await author.publish({
      id: 'from-npm',
      source: 'packaged',
      version: '2.0.0',
      sdk: { peerDependencies: '^7.0.0' },
    });
    await expect(install(installed(), tarball)).rejects.toThrow(/ERESOLVE/);
    expect((await host.plugin('from-npm')).state).toBe('running');
  });
});

/** A package.json as the data folder's: the SDK in it is the host's, so that npm checks the plugins' peer ranges. */
function prepareInstallation(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const dependencies = { '@atoll/sdk': `file:${join(repository, 'sdk')}` };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
}

function install(folder: string, tarball: string): Promise<string> {
  return runProgram('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder });
}
