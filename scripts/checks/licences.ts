import { readFileSync } from 'node:fs';

/** Licences that may ship with an MIT project; an expression needs one alternative of these. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
  'CC0-1.0',
]);

/** Packages that state their licence in their Readme only. */
const statedElsewhere: Readonly<Record<string, string>> = { 'node_modules/combine-errors': 'MIT' };

interface LockedPackage {
  license?: string;
  link?: boolean;
  optional?: boolean;
}

/** Installed packages whose licence is not on the list. */
export function checkLicences(): string[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(packages)
    .filter(([path, entry]) => path.includes('node_modules/') && !entry.link)
    .map(([path, entry]) => ({ path, licence: entry.license ?? statedElsewhere[path] ?? licenceOf(path) }))
    .filter(({ licence }) => !isAllowed(licence))
    .map(
      ({ path, licence }) =>
        `package-lock.json: ${path} has the licence ${licence}, which is not on the list`,
    );
}

/** Whether an SPDX expression can be fulfilled with allowed licences only. */
function isAllowed(expression: string): boolean {
  const plain = expression.replaceAll(/[()]/g, '');
  return plain
    .split(' OR ')
    .some((option) => option.split(' AND ').every((licence) => allowed.has(licence.trim())));
}

function licenceOf(path: string): string {
  try {
    const { license } = JSON.parse(readFileSync(`${path}/package.json`, 'utf8')) as { license?: string };
    return license ?? 'unknown';
  } catch {
    return 'not installed here';
  }
}
