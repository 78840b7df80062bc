import type { RunRecord } from '@atoll/sdk';
import type { RunLogLine } from './run-log.js';

/** What happens to runs, as it happens. The record is a copy. */
export type JobEvent =
  | { type: 'queued' | 'started' | 'progress' | 'finished'; run: RunRecord }
  | { type: 'log'; run: RunRecord; line: RunLogLine };
