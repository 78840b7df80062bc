// `npm test`: lint, types, the house rules, and every layer of tests; ends with one line that sums them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTestSuites: number;
}

const only = process.argv[2];
const layers = only ? [only] : ['unit', 'e2e'];
const folder = join(import.meta.dirname, '..', 'coverage', 'reports');
const total = { passed: 0, failed: 0, skipped: 0 };
const broken: string[] = [];

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const step of ['lint', 'types', 'unused', 'rules', 'generated']) {
  if (!run('npm', ['run', '--silent', step])) broken.push(step);
}
for (const layer of layers) {
  const file = join(folder, `${layer}.json`);
  const passed = run('vitest', [
    'run',
    '--project',
    layer,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests;
  total.skipped += report.numPendingTests + report.numTodoTests;
  if (!passed) broken.push(layer);
}
if (broken.length > 0) console.log(`\nNot in order: ${broken.join(', ')}`);
console.log(
  `\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exit(broken.length > 0 ? 1 : 0);

function run(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0;
}
