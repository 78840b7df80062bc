// Writes the files that follow from declarations: the example configuration and the list of error codes.
// With --check it changes nothing and fails when one of them is not what it would write.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCodes } from '@atoll/sdk';

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');

const files = { ...exampleFiles(), 'docs/reference/errors.md': errorList() };
const stale = Object.entries(files).filter(([path, text]) => current(path) !== text);
for (const [path, text] of stale) {
  if (check) console.error(`${path} is not what the sources say; run: npm run generate`);
  else writeFileSync(join(root, path), text);
}
process.exit(check && stale.length > 0 ? 1 : 0);

function current(path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** What `atoll init` writes with the shipped plugins. */
function exampleFiles(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'atoll-init-'));
  try {
    const env = { PATH: process.env.PATH, ATOLL_DATA_DIR: join(folder, 'data') };
    execFileSync(process.execPath, [join(root, 'core/bin/atoll.js'), 'init', folder], { cwd: folder, env });
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    return { 'atoll.yaml': read('atoll.yaml'), '.env.example': read('.env.example') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function errorList(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, { status, meaning }]) => `| \`${code}\` | ${status} | ${meaning} |`,
  );
  return `# Error codes

Every problem that the API answers, and every error of the command line with \`--json\`, carries one of these in
\`code\`. Plugins add codes of their own that start with the plugin's id. The status is the one a route answers with
unless the error names another.

| code | status | meaning |
|---|---|---|
${rows.join('\n')}
`;
}
