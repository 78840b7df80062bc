// Brings a clone to where a command can run: dependencies, build, and for tests the programs they talk to.
// It runs before anything is installed, so it uses Node's own modules only, and runs on Node 18.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const purpose = process.argv[2] ?? 'start';

install(root);
requireNode24();
build();
if (purpose === 'test') installPeers();
if (purpose === 'bench') install(join(root, 'bench'));

/** `npm ci` in a folder, when its lock file changed since the last time. */
function install(folder) {
  const lock = join(folder, 'package-lock.json');
  const installed = join(folder, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  say('Installing dependencies');
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []];
  run(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
}

/** The pinned Node comes as a package on Linux; elsewhere the machine's own must do. */
function requireNode24() {
  const command = join(root, 'node_modules', '.bin', 'node');
  const pinned = `node-${process.platform}-${process.arch}`;
  // npm 10 installs the package without linking its command.
  if (!existsSync(command) && existsSync(join(root, 'node_modules', pinned, 'bin', 'node'))) {
    symlinkSync(join('..', pinned, 'bin', 'node'), command);
  }
  if (existsSync(command)) return;
  if (Number(process.versions.node.split('.')[0]) >= 24) return;
  fail(
    `Atoll needs Node 24 or newer, and this is ${process.versions.node}. Install it from nodejs.org or your package manager.`,
  );
}

/** Builds all packages, when a source is newer than the last build. */
function build() {
  const stamp = join(root, 'node_modules', '.atoll-build');
  const sources = ['sdk', 'core', 'plugins', 'examples'].map((folder) => newest(join(root, folder)));
  const manifest = statSync(join(root, 'package-lock.json')).mtimeMs;
  const built = existsSync(stamp) && existsSync(join(root, 'core', 'dist', 'index.js'));
  if (built && statSync(stamp).mtimeMs >= Math.max(manifest, ...sources)) return;
  say('Building');
  const started = new Date();
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['run', 'build', '--silent']);
  writeFileSync(stamp, `${started.toISOString()}\n`);
}

/** The programs that the end-to-end tests use. Elsewhere than on Debian as root, a missing one is named by the test that needs it. */
function installPeers() {
  const packages = JSON.parse(readFileSync(join(root, 'tests', 'peers', 'debian-packages.json'), 'utf8'));
  const missing = packages.filter(({ program }) => !onPath(program)).map((entry) => entry.package);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    say(
      `Missing for the end-to-end tests: ${missing.join(', ')}. On Debian: sudo apt-get install ${missing.join(' ')}`,
    );
    return;
  }
  say(`Installing for the tests: ${missing.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { env });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules' || entry.name.endsWith('.test.ts')) continue;
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

function onPath(program) {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));
}

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (result.status !== 0)
    fail(`${command} ${args.join(' ')} failed${result.error ? `: ${result.error.message}` : ''}`);
}

function say(text) {
  process.stderr.write(`${text} …\n`);
}

function fail(text) {
  rmSync(join(root, 'node_modules', '.atoll-build'), { force: true });
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
