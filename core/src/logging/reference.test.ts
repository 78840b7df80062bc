import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Host } from '../boot/host.js';
import { enterScope } from '../scope/execution-scope.js';
import { LogCapture } from './log-capture.js';

const text = readFileSync(new URL('../../../docs/reference/logs-and-metrics.md', import.meta.url), 'utf8');

/** The rows of the table under a heading: first and second column. */
function documented(heading: string): Map<string, string> {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const rows = [...section.matchAll(/^\| `([^`]+)` \| ([^|]*) \|/gm)];
  return new Map(rows.map(([, name = '', second = '']) => [name, second.trim()]));
}

describe('docs/reference/logs-and-metrics.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'atoll-reference-'));
  const log = new LogCapture();
  let host: Host;

  beforeAll(async () => {
    host = await Host.create({
      cwd: folder,
      env: { LOG_LEVEL: 'trace' },
      dataDir: join(folder, 'data'),
      plugins: [],
      listen: false,
      stdout: { write: () => true },
      onLog: log.listener,
    });
    await host.start();
  });

  afterAll(async () => {
    await host.stop();
    rmSync(folder, { recursive: true });
  });

  it('lists the metrics of the host, each with its type', async () => {
    const exposition = await host.parts.metrics.exposition();
    const types = [...exposition.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
    const published = Object.fromEntries(types.map(([, name = '', type = '']) => [name, type]));
    expect(Object.fromEntries(documented('Metrics of the host'))).toEqual(published);
  });

  it('lists the health checks of the host', async () => {
    const { checks } = await host.parts.health.report();
    expect([...documented('Health checks of the host').keys()].sort()).toEqual(Object.keys(checks));
  });

  it('lists the fields of log lines', () => {
    const { logger } = host.parts.logging;
    const scope = { plugin: 'arr', job: 'arr/scan', run: 'r1' };
    const fields = { service: 'sonarr', operation: 'GET /x', duration: 1, err: new Error('x') };
    enterScope(scope, () => logger.info(fields, 'all'));
    enterScope({ plugin: 'arr', requestId: 'q1' }, () => logger.info('a request'));
    const seen = new Set(log.lines.slice(-2).flatMap((line) => Object.keys(line)));
    expect([...documented('Log lines').keys()].sort()).toEqual([...seen].sort());
  });
});
