// `npm run lock`: adds to the lock files the packages for other platforms that the registry in use does not have.
// npm leaves such optional packages out without a word, and `npm ci` then refuses the file as incomplete.
import { readFileSync, writeFileSync } from 'node:fs';

interface LockedPackage {
  version?: string;
  license?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

interface Lock {
  packages: Record<string, LockedPackage>;
}

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'wasi',
  'win32',
];
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

for (const file of process.argv.slice(2)) {
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock;
  for (const dependent of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(dependent.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`;
      if (lock.packages[path] || !/^\d/.test(version)) continue;
      lock.packages[path] = {
        version,
        ...platformOf(name),
        ...(dependent.dev && { dev: true }),
        ...(dependent.license !== undefined && { license: dependent.license }),
        optional: true,
      };
    }
  }
  const names = Object.keys(lock.packages).sort((a, b) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(names.map((name) => [name, lock.packages[name]!]));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}

/** What the name of a platform's package says, for example `@rollup/rollup-linux-arm64-musl`. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[-/]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  const libc =
    words.includes('musl') || words.includes('musleabihf')
      ? 'musl'
      : words.includes('gnu')
        ? 'glibc'
        : undefined;
  return { ...(os.length > 0 && { os }), ...(cpu.length > 0 && { cpu }), ...(libc && { libc: [libc] }) };
}
