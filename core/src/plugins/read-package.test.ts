import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discoverPlugins } from './discover-plugins.js';
import { readPackage } from './read-package.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atoll-packages-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const manifest = { apiVersion: 1, entry: './index.mjs' };

async function write(path: string, content: unknown): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
}

async function writePlugin(
  path: string,
  over: object = {},
  code = "export default { id: 'tide', setup() {} };",
) {
  await write(`${path}/package.json`, {
    name: '@me/plugin-tide',
    version: '1.2.3',
    atoll: manifest,
    ...over,
  });
  await write(`${path}/index.mjs`, code);
  return join(folder, path);
}

describe('readPackage', () => {
  it("reads a manifest without running the plugin's code", async () => {
    const plugin = await readPackage(await writePlugin('a', {}, 'throw new Error("ran")'), 'local');
    expect(plugin).toMatchObject({
      id: 'tide',
      packageName: '@me/plugin-tide',
      version: '1.2.3',
      incompatible: null,
    });
    await expect(plugin.load()).rejects.toThrow('tide: its entry ./index.mjs cannot be loaded: ran');
  });

  it('takes the id from the manifest where it names one', async () => {
    const directory = await writePlugin('a', { atoll: { ...manifest, id: 'moon' } });
    expect((await readPackage(directory, 'local')).id).toBe('moon');
  });

  it.each([
    [{ atoll: undefined }, 'it has no "atoll" field'],
    [{ atoll: { entry: './x.js' } }, 'apiVersion'],
    [{ atoll: { ...manifest, typo: 1 } }, 'typo'],
    [{ name: '@me/Ünfit' }, 'is no plugin id'],
    [{ version: 3 }, 'version'],
  ])('refuses a package that says %j', async (over, message) => {
    await expect(readPackage(await writePlugin('a', over), 'local')).rejects.toThrow(message);
  });

  it('names the file that is missing or no JSON', async () => {
    await expect(readPackage(join(folder, 'none'), 'local')).rejects.toThrow(
      /none.package\.json.*cannot be read/,
    );
    await write('bad/package.json', '{');
    await expect(readPackage(join(folder, 'bad'), 'local')).rejects.toThrow('it is no JSON');
  });

  it('reports a package for another API as incompatible', async () => {
    const plugin = await readPackage(
      await writePlugin('a', { atoll: { ...manifest, apiVersion: 99 } }),
      'local',
    );
    expect(plugin.incompatible).toContain('update Atoll');
  });

  it.each([
    ['export const x = 1;', 'no default export made by definePlugin'],
    ["export default { id: 'other', setup() {} };", 'its code calls itself "other"'],
    ["import './gone.mjs';", 'cannot be loaded'],
  ])('refuses the entry %s', async (code, message) => {
    await expect((await readPackage(await writePlugin('a', {}, code), 'local')).load()).rejects.toThrow(
      message,
    );
  });

  it('refuses an entry outside of the package', async () => {
    const directory = await writePlugin('a', { atoll: { ...manifest, entry: '../evil.mjs' } });
    await expect((await readPackage(directory, 'local')).load()).rejects.toThrow('outside of the package');
  });

  describe('of a plugin that brings a copy of the SDK inside', () => {
    const bundled = `const key = Symbol.for('atoll:sdk-evaluations'); globalThis[key] = (globalThis[key] ?? 0) + 1;
      export default { id: 'tide', setup() {} };`;
    const refusal = { code: 'plugin_incompatible', hint: expect.stringContaining('peerDependencies') };

    it('refuses it, each time', async () => {
      const plugin = await readPackage(await writePlugin('a', {}, bundled), 'local');
      await expect(plugin.load()).rejects.toMatchObject(refusal);
      await expect(plugin.load()).rejects.toMatchObject(refusal);
    });

    it('tells it apart from those that are loaded at the same time', async () => {
      const slow = "await new Promise(setImmediate); export default { id: 'tide', setup() {} };";
      const [before, culprit, after] = await Promise.all(
        [slow, bundled, slow].map(async (code, at) =>
          readPackage(await writePlugin(`p${at}`, {}, code), 'local'),
        ),
      );
      const [first, second, third] = await Promise.allSettled([
        before?.load(),
        culprit?.load(),
        after?.load(),
      ]);
      expect([first?.status, second?.status, third?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    });
  });
});

describe('discoverPlugins', () => {
  it('finds the shipped plugins', async () => {
    const { plugins, problems } = await discoverPlugins({ dataDir: folder });
    expect(plugins.map(({ id, origin }) => `${id} ${origin}`)).toEqual(['octogen bundled']);
    expect(problems).toEqual([]);
  });

  it('finds folders, links and installed packages in the data folder, and folders by path', async () => {
    const named = (id: string) => ({ atoll: { ...manifest, id } });
    await writePlugin('data/plugins/one', named('one'));
    await writePlugin('elsewhere', named('linked'));
    await symlink(join(folder, 'elsewhere'), join(folder, 'data/plugins/link'));
    await write('data/plugins/package.json', { dependencies: { '@atoll/sdk': 'file:x', three: '1.0.0' } });
    await writePlugin('data/plugins/node_modules/three', named('three'));
    const byPath = await writePlugin('four', named('four'));
    const { plugins, problems } = await discoverPlugins({ dataDir: join(folder, 'data'), paths: [byPath] });
    expect(problems).toEqual([]);
    expect(plugins.map(({ id, origin }) => `${id} ${origin}`)).toEqual([
      'four local',
      'linked local',
      'octogen bundled',
      'one local',
      'three installed',
    ]);
  });

  it('goes on past a folder that is no plugin and past a second of one id, and says so', async () => {
    await write('data/plugins/notes/readme.txt', 'x');
    await writePlugin('data/plugins/b-copy');
    await writePlugin('data/plugins/a-first');
    const { plugins, problems } = await discoverPlugins({ dataDir: join(folder, 'data') });
    expect(plugins.map(({ id }) => id)).toEqual(['octogen', 'tide']);
    expect(problems.map(({ message }) => message).join('\n')).toMatch(
      /notes.*describes no plugin(.|\n)*|"tide" is there twice/,
    );
    expect(problems).toHaveLength(2);
  });

  it('says that the list of installed plugins cannot be read', async () => {
    await write('data/plugins/package.json', '{');
    const { plugins, problems } = await discoverPlugins({ dataDir: join(folder, 'data') });
    expect(plugins.map(({ id }) => id)).toEqual(['octogen']);
    expect(problems).toMatchObject([{ message: expect.stringContaining('is no package.json') }]);
  });
});
