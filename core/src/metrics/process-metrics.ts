import { readdirSync } from 'node:fs';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import type { Clock, Disposer, Metrics } from '@atoll/sdk';
import type { EventLoopDelay } from './event-loop-delay.js';

const gcKinds: Readonly<Record<number, string>> = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
};

/**
 * Publishes the process's own figures under the names that Node dashboards know. Almost all are read when
 * somebody scrapes, so they cost nothing meanwhile.
 */
export function registerProcessMetrics(metrics: Metrics, delay: EventLoopDelay, clock: Clock): Disposer {
  const gauge = (name: string, help: string, read: () => number): void => {
    metrics.gauge({ name, help, collect: (own) => own.set(read()) });
  };
  const startedAt = clock.now() / 1000 - process.uptime();
  gauge(
    'process_start_time_seconds',
    'When the process started, in seconds since the epoch.',
    () => startedAt,
  );
  gauge('process_resident_memory_bytes', 'Resident memory of the process.', () => process.memoryUsage.rss());
  gauge('process_open_fds', 'Open file descriptors.', openFiles);
  gauge('nodejs_heap_size_total_bytes', 'Heap that V8 has reserved.', () => process.memoryUsage().heapTotal);
  gauge('nodejs_heap_size_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed);
  gauge('nodejs_external_memory_bytes', 'Memory outside the heap.', () => process.memoryUsage().external);
  gauge(
    'nodejs_eventloop_lag_p50_seconds',
    'Median lateness of the event loop.',
    () => delay.read().p50Ms / 1e3,
  );
  gauge(
    'nodejs_eventloop_lag_p99_seconds',
    'Lateness of the event loop, 99 %.',
    () => delay.read().p99Ms / 1e3,
  );
  gauge(
    'nodejs_eventloop_lag_max_seconds',
    'Greatest lateness of the event loop in the last minutes.',
    () => delay.read().maxMs / 1e3,
  );
  metrics.gauge<'version'>({
    name: 'nodejs_version_info',
    help: 'The version of Node, as a label.',
    labels: ['version'],
    collect: (own) => own.set(1, { version: process.version }),
  });
  countCpu(metrics);
  return observeGarbageCollection(metrics);
}

function countCpu(metrics: Metrics): void {
  const total = metrics.counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time spent, user and system.',
  });
  let counted = 0;
  // A counter has no collect of its own; this gauge is read at the same moment and feeds it.
  metrics.gauge({
    name: 'process_uptime_seconds',
    help: 'Seconds since the process started.',
    collect: (own) => {
      own.set(process.uptime());
      const { user, system } = process.cpuUsage();
      const spent = (user + system) / 1e6;
      total.inc({}, spent - counted);
      counted = spent;
    },
  });
}

function observeGarbageCollection(metrics: Metrics): Disposer {
  const durations = metrics.histogram<'kind'>({
    name: 'nodejs_gc_duration_seconds',
    help: 'Pauses for garbage collection.',
    labels: ['kind'],
    buckets: [0.001, 0.01, 0.1, 1],
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as { detail?: { kind?: number } }).detail ?? {};
      durations.observe(entry.duration / 1000, { kind: gcKinds[kind ?? 0] ?? 'other' });
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}

/** Where the system does not tell (no /proc), NaN: unknown, and not zero. */
function openFiles(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return Number.NaN;
  }
}
