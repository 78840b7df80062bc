import { isAtollError } from '@atoll/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.js';
import { LogCapture } from '../logging/log-capture.js';
import { createLogging } from '../logging/logging.js';
import { currentScope } from '../scope/execution-scope.js';
import { maxLabelSets } from './label-cap.js';
import { MetricsService } from './metrics-service.js';

let log: LogCapture;
let clock: FakeClock;
let service: MetricsService;

beforeEach(() => {
  clock = new FakeClock();
  log = new LogCapture();
  const logging = createLogging({ level: 'warn', format: 'json', clock, stdout: { write: () => true } });
  logging.subscribe(log.listener);
  service = new MetricsService({ logger: logging.logger, clock });
});

afterEach(() => service.dispose());

/** The lines of one family. */
function family(text: string, name: string): string[] {
  return text
    .split('\n')
    .filter((line) => new RegExp(`^(# \\w+ )?${name}(_bucket|_sum|_count)?[ {]`).test(line));
}

describe('exposition', () => {
  it('adds the plugin to its samples, and nothing to those of the host', async () => {
    service.host
      .counter<'plugin'>({ name: 'atoll_x_total', help: 'x', labels: ['plugin'] })
      .inc({ plugin: 'arr' });
    service.forPlugin('arr').gauge({ name: 'atoll_arr_queue', help: 'Waiting.' }).set(3);
    const text = await service.exposition();
    expect(family(text, 'atoll_x_total')).toContain('atoll_x_total{plugin="arr"} 1');
    expect(family(text, 'atoll_arr_queue')).toEqual([
      '# HELP atoll_arr_queue Waiting.',
      '# TYPE atoll_arr_queue gauge',
      'atoll_arr_queue{plugin="arr"} 3',
    ]);
  });

  it('writes a family that two plugins publish once, with the samples of both', async () => {
    for (const id of ['arr', 'octogen']) {
      const metrics = service.forPlugin(id);
      metrics.counter<'op'>({ name: 'upstream_total', help: 'Calls.', labels: ['op'] }).inc({ op: 'get' }, 2);
      metrics.histogram({ name: 'upstream_seconds', help: 'Time.', buckets: [1] }).observe(0.5);
    }
    const text = await service.exposition();
    expect(family(text, 'upstream_total')).toEqual([
      '# HELP upstream_total Calls.',
      '# TYPE upstream_total counter',
      'upstream_total{op="get",plugin="arr"} 2',
      'upstream_total{op="get",plugin="octogen"} 2',
    ]);
    expect(family(text, 'upstream_seconds')).toEqual([
      '# HELP upstream_seconds Time.',
      '# TYPE upstream_seconds histogram',
      'upstream_seconds_bucket{le="1",plugin="arr"} 1',
      'upstream_seconds_bucket{le="+Inf",plugin="arr"} 1',
      'upstream_seconds_sum{plugin="arr"} 0.5',
      'upstream_seconds_count{plugin="arr"} 1',
      'upstream_seconds_bucket{le="1",plugin="octogen"} 1',
      'upstream_seconds_bucket{le="+Inf",plugin="octogen"} 1',
      'upstream_seconds_sum{plugin="octogen"} 0.5',
      'upstream_seconds_count{plugin="octogen"} 1',
    ]);
  });

  it('escapes label values and help texts', async () => {
    const gauge = service.host.gauge<'path'>({ name: 'atoll_odd', help: 'a\nb \\ c', labels: ['path'] });
    gauge.set(Number.POSITIVE_INFINITY, { path: 'C:\\"x"\ny' });
    const text = await service.exposition();
    expect(family(text, 'atoll_odd')).toEqual([
      '# HELP atoll_odd a\\nb \\\\ c',
      '# TYPE atoll_odd gauge',
      'atoll_odd{path="C:\\\\\\"x\\"\\ny"} +Inf',
    ]);
  });

  it('is well-formed: each family once, each sample under its family', async () => {
    service.forPlugin('arr').histogram({ name: 'atoll_arr_seconds', help: 'Time.' }).observe(1);
    const types = new Set<string>();
    let current = '';
    for (const line of (await service.exposition()).trimEnd().split('\n')) {
      const type = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line);
      if (type) {
        expect(types).not.toContain(type[1]);
        current = type[1] ?? '';
        types.add(current);
      } else if (!line.startsWith('# HELP ')) {
        expect(line).toMatch(/^[a-z_:0-9]+(\{.*\})? (-?[0-9.e+-]+|NaN|[+-]Inf)$/);
        expect(line.startsWith(current)).toBe(true);
      }
    }
    expect(types.size).toBeGreaterThan(10);
  });

  it('publishes the process', async () => {
    expect(await service.value('process_resident_memory_bytes')).toBeGreaterThan(1e6);
    expect(await service.value('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(await service.value('nodejs_version_info', { version: process.version })).toBe(1);
    expect(await service.value('nodejs_eventloop_lag_max_seconds')).toBeGreaterThanOrEqual(0);
  });
});

describe('names', () => {
  const attempts: [string, () => unknown, string][] = [
    ['a metric that nobody explains', () => service.host.gauge({ name: 'x', help: ' ' }), 'bad_request'],
    ['no name at all', () => service.host.gauge({ name: 'a b', help: 'x' }), 'bad_request'],
    [
      "another plugin's space",
      () => service.forPlugin('arr').gauge({ name: 'atoll_octogen_x', help: 'x' }),
      'bad_request',
    ],
    ["the host's space", () => service.forPlugin('arr').gauge({ name: 'atoll_x', help: 'x' }), 'bad_request'],
    [
      "the process's space",
      () => service.forPlugin('arr').gauge({ name: 'process_x', help: 'x' }),
      'bad_request',
    ],
    [
      'the label that the host adds',
      () => service.forPlugin('arr').gauge<'plugin'>({ name: 'x', help: 'x', labels: ['plugin'] }),
      'bad_request',
    ],
    [
      'a label that is no name',
      () => service.host.gauge<'a-b'>({ name: 'x', help: 'x', labels: ['a-b'] }),
      'bad_request',
    ],
    [
      'one name twice in one plugin',
      () => {
        const metrics = service.forPlugin('arr');
        metrics.gauge({ name: 'x', help: 'x' });
        metrics.gauge({ name: 'x', help: 'x' });
      },
      'conflict',
    ],
    [
      'a name of the host',
      () => {
        service.host.gauge({ name: 'x', help: 'x' });
        service.forPlugin('arr').gauge({ name: 'x', help: 'x' });
      },
      'conflict',
    ],
    [
      'another kind than an other plugin has under that name',
      () => {
        service.forPlugin('octogen').counter({ name: 'x', help: 'x' });
        service.forPlugin('arr').gauge({ name: 'x', help: 'x' });
      },
      'conflict',
    ],
    [
      'a sample that a histogram publishes',
      () => {
        const metrics = service.forPlugin('arr');
        metrics.histogram({ name: 'x', help: 'x' });
        metrics.counter({ name: 'x_count', help: 'x' });
      },
      'conflict',
    ],
  ];
  it.each(attempts)('refuses %s', (_what, attempt, code) => {
    const error = caught(attempt);
    expect(isAtollError(error, code)).toBe(true);
    expect(isAtollError(error) && error.hint).toBeTruthy();
  });

  it('takes its own space, dashes and all, and names of an original', () => {
    const metrics = service.forPlugin('my-arr');
    metrics.gauge({ name: 'atoll_my_arr_x', help: 'x' });
    metrics.counter({ name: 'octopus_tasks_total', help: 'x' });
    expect(metrics.names()).toEqual(['atoll_my_arr_x', 'octopus_tasks_total']);
  });

  it('are free again once the plugin is gone, whatever the kind', async () => {
    const before = service.forPlugin('arr');
    const counter = before.counter({ name: 'x', help: 'x' });
    expect(() => service.forPlugin('arr')).toThrow(/already/);
    before.dispose();
    service.forPlugin('arr').histogram({ name: 'x', help: 'x' });
    counter.inc();
    expect(before.names()).toEqual([]);
    expect(await service.value('x_count', { plugin: 'arr' })).toBe(0);
  });
});

describe('label sets', () => {
  it('beyond the cap count as "other", logged once', async () => {
    const counter = service.forPlugin('arr').counter<'song'>({ name: 'plays', help: 'x', labels: ['song'] });
    for (let n = 0; n < maxLabelSets + 50; n++) counter.inc({ song: `s${n}` });
    counter.inc({ song: 's0' });
    expect(await service.value('plays', { song: 's0' })).toBe(2);
    expect(await service.value('plays', { song: 'other' })).toBe(50);
    expect(await service.value('plays')).toBe(maxLabelSets + 51);
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatchObject({ plugin: 'arr', metric: 'plays' });
  });

  it('may be partial', async () => {
    const gauge = service.host.gauge<'a' | 'b'>({ name: 'x', help: 'x', labels: ['a', 'b'] });
    gauge.inc({ a: '1', b: undefined }, 2);
    gauge.dec({ a: '1' });
    expect(await service.exposition()).toContain('x{a="1"} 1\n');
  });
});

describe('a metric used wrongly', () => {
  it('loses the sample and is logged once, and throws nothing', async () => {
    const counter = service.forPlugin('arr').counter({ name: 'x', help: 'x' });
    counter.inc({}, -1);
    counter.inc({}, Number.NaN);
    counter.inc();
    expect(await service.value('x')).toBe(1);
    expect(log.lines.map(({ metric }) => metric)).toEqual(['x']);
  });
});

describe('collect', () => {
  it('fills a gauge anew at each scrape, in the scope of its plugin', async () => {
    const disks = new Map([
      ['a', 1],
      ['b', 2],
    ]);
    let plugin: string | undefined;
    service.forPlugin('arr').gauge<'disk'>({
      name: 'free',
      help: 'x',
      labels: ['disk'],
      collect: (gauge) => {
        plugin = currentScope().plugin;
        for (const [disk, free] of disks) gauge.set(free, { disk });
      },
    });
    expect(await service.value('free')).toBe(3);
    disks.delete('a');
    expect(await service.value('free')).toBe(2);
    expect(await service.value('free', { disk: 'a' })).toBeUndefined();
    expect(plugin).toBe('arr');
  });

  it('that fails or hangs costs only its own family, and is logged once', async () => {
    const metrics = service.forPlugin('arr');
    metrics.gauge({
      name: 'broken',
      help: 'x',
      collect: () => {
        throw new Error('no disk');
      },
    });
    metrics.gauge({ name: 'hanging', help: 'x', collect: () => new Promise<void>(() => undefined) });
    metrics.gauge({ name: 'fine', help: 'x', collect: (gauge) => gauge.set(1) });
    for (let scrape = 0; scrape < 2; scrape++) {
      const text = service.exposition();
      await clock.advance(10_000);
      expect(await text).toContain('fine{plugin="arr"} 1\n');
      expect(await text).not.toMatch(/broken|hanging/);
    }
    expect(log.lines.map(({ metric }) => metric).sort()).toEqual(['broken', 'hanging']);
    expect(clock.pending).toBe(0);
  });

  it('drops a label set that is gone, and makes room for another', async () => {
    const calls = service
      .forPlugin('tower')
      .counter({ name: 'calls_total', help: 'Calls', labels: ['host'] });
    for (let index = 0; index < 1000; index++) calls.inc({ host: `h${index}` });
    calls.remove({ host: 'h0' });
    calls.inc({ host: 'new' });
    expect(await service.value('calls_total', { host: 'h0' })).toBeUndefined();
    expect(await service.value('calls_total', { host: 'new' })).toBe(1);
    expect(await service.value('calls_total', { host: 'other' })).toBeUndefined();
  });
});

function caught(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
