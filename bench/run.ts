// `npm run bench [suite …]`: measures side by side, prints the ratios, and keeps them in bench/results.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { measureHttp } from './http.ts';
import { measureJobs } from './jobs.ts';
import { measureMatching } from './matching.ts';
import type { Measurement } from './measurement.ts';
import { measureStart } from './start.ts';

const suites: Record<string, () => Promise<Measurement[]>> = {
  http: measureHttp,
  start: measureStart,
  matching: measureMatching,
  jobs: measureJobs,
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(suites);
const results: Measurement[] = [];
for (const name of wanted) {
  const suite = suites[name];
  if (!suite) {
    console.error(`There is no suite "${name}". There are: ${Object.keys(suites).join(', ')}.`);
    process.exit(2);
  }
  for (const result of await suite()) {
    results.push(result);
    const verdict = result.met === null ? '' : result.met ? 'met' : 'MISSED';
    console.log(
      `${result.name}: ${result.figure}${result.target ? ` — target ${result.target}: ${verdict}` : ''}`,
    );
  }
}

const folder = join(import.meta.dirname, 'results');
mkdirSync(folder, { recursive: true });
const machine = {
  node: process.version,
  cores: cpus().length,
  model: cpus()[0]?.model,
  memoryBytes: totalmem(),
};
const file = join(folder, `${wanted.length === Object.keys(suites).length ? 'all' : wanted.join('-')}.json`);
writeFileSync(
  file,
  `${JSON.stringify({ measuredAt: new Date().toISOString(), machine, results }, null, 2)}\n`,
);
process.exit(results.some((result) => result.met === false) ? 1 : 0);
