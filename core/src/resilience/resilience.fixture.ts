import type { KeyValueStore, Logger, LogMethod, Metrics } from '@atoll/sdk';
import { FakeClock } from '../clock/fake-clock.js';
import type { PluginResilience } from './plugin-resilience.js';
import { ResilienceService, type ResilienceServiceOptions } from './resilience-service.js';

/** One log line as it was written. */
interface LogLine {
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

export function memoryLogger(): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: string): LogMethod =>
    (first: string | object, message?: string) => {
      const fields = typeof first === 'string' ? {} : { ...first };
      lines.push({ level, message: message ?? String(first), fields });
    };
  const logger: Logger = {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    child: () => logger,
  };
  return { logger, lines };
}

/** Metrics as plain numbers by `name{label=value,…}`. */
class MemoryMetrics implements Metrics {
  readonly #values = new Map<string, number>();
  readonly #collectors: (() => void | Promise<void>)[] = [];

  counter: Metrics['counter'] = ({ name }) => ({
    inc: (labels = {}, by = 1) => this.#add(name, labels, by),
    remove: (labels) => void this.#values.delete(series(name, labels)),
  });

  gauge: Metrics['gauge'] = ({ name, collect }) => {
    const gauge = {
      set: (value: number, labels: object = {}) => void this.#values.set(series(name, labels), value),
      inc: (labels: object = {}, by = 1) => this.#add(name, labels, by),
      dec: (labels: object = {}, by = 1) => this.#add(name, labels, -by),
    };
    if (collect) {
      this.#collectors.push(() => {
        for (const key of this.#values.keys()) if (key.startsWith(`${name}{`)) this.#values.delete(key);
        return collect(gauge);
      });
    }
    return gauge;
  };

  histogram: Metrics['histogram'] = ({ name }) => ({
    observe: (_value, labels = {}) => this.#add(`${name}_count`, labels, 1),
    remove: (labels) => void this.#values.delete(series(`${name}_count`, labels)),
  });

  async read(): Promise<Record<string, number>> {
    for (const collect of this.#collectors) await collect();
    return Object.fromEntries([...this.#values].sort());
  }

  #add(name: string, labels: object, by: number): void {
    const key = series(name, labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + by);
  }
}

/** A key-value store that survives as long as its map does; `failing` makes the next writes fail. */
export class MemoryKeyValueStore implements KeyValueStore {
  readonly values: Map<string, string>;
  failing = false;

  constructor(values = new Map<string, string>()) {
    this.values = values;
  }

  async get<T>(key: string): Promise<T | undefined> {
    const text = this.values.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  async set(key: string, value: unknown): Promise<void> {
    this.values.set(key, JSON.stringify(value));
  }

  async delete(key: string): Promise<boolean> {
    return this.values.delete(key);
  }

  async keys(prefix = ''): Promise<string[]> {
    return [...this.values.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  async update<T>(key: string, change: (current: T | undefined) => T | undefined): Promise<T | undefined> {
    if (this.failing) throw new Error('disk full');
    const next = change(await this.get<T>(key));
    if (next === undefined) this.values.delete(key);
    else this.values.set(key, JSON.stringify(next));
    return next;
  }
}

/** A service with everything it needs in memory, opened for the plugin `demo`. */
export function resilienceFixture(options: Partial<ResilienceServiceOptions> = {}) {
  const clock = new FakeClock();
  const metrics = new MemoryMetrics();
  const { logger, lines } = memoryLogger();
  const stop = new AbortController();
  const kv = new MemoryKeyValueStore();
  const service = new ResilienceService({
    clock,
    logger,
    metrics,
    timezone: 'Europe/Berlin',
    // The middle of the jitter: waits have their nominal length.
    random: () => 0.5,
    inContainer: () => false,
    ...options,
  });
  const open = (plugin = 'demo', circuit = { threshold: 5, resetMs: 60_000 }): PluginResilience =>
    service.forPlugin(plugin, { logger, signal: stop.signal, kv, circuit });
  return { clock, metrics, lines, stop, kv, service, open, resilience: open() };
}

/** Resolves with what `promise` rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it should have failed');
}

function series(name: string, labels: object): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${value}`);
  return `${name}{${pairs.join(',')}}`;
}
