import { describe, expect, it } from 'vitest';
import { type Admission, admit } from './overlap.js';

const idle = { running: 0, waiting: 0, firingsWaiting: 0, armed: true };
const busy = { ...idle, running: 1 };

describe('admit', () => {
  it.each<[string, Parameters<typeof admit>[0], Parameters<typeof admit>[1], typeof idle, Admission]>([
    ['an idle job starts', 'skip', 'api', idle, 'start'],
    ['an idle job starts', 'queue', 'schedule', idle, 'start'],
    ['an idle job starts', 'allow', 'missed', idle, 'start'],
    ['a job that is not armed waits', 'skip', 'api', { ...idle, armed: false }, 'wait'],
    ['a job that is not armed waits, once', 'skip', 'api', { ...idle, armed: false, waiting: 1 }, 'refuse'],
    ['a job that is not armed waits', 'allow', 'api', { ...idle, armed: false, waiting: 99 }, 'wait'],
    [
      'a job that is not armed has a bound',
      'allow',
      'api',
      { ...idle, armed: false, waiting: 100 },
      'refuse',
    ],
    ['a busy job', 'skip', 'api', busy, 'refuse'],
    ['a busy job', 'skip', 'schedule', busy, 'skip'],
    ['a busy job', 'skip', 'missed', busy, 'skip'],
    ['a busy job', 'queue', 'manual', busy, 'wait'],
    ['a busy job', 'queue', 'schedule', busy, 'wait'],
    ['a busy job', 'allow', 'api', busy, 'start'],
    ['a queue with a firing', 'queue', 'schedule', { ...busy, waiting: 1, firingsWaiting: 1 }, 'skip'],
    ['a queue with a request', 'queue', 'schedule', { ...busy, waiting: 1 }, 'wait'],
    ['a queue that others wait in before it starts', 'queue', 'api', { ...idle, waiting: 1 }, 'wait'],
    ['a full queue', 'queue', 'event', { ...busy, waiting: 100 }, 'refuse'],
    ['as many as may run at once', 'allow', 'schedule', { ...idle, running: 100 }, 'skip'],
  ])('%s, %s, %s', (_, overlap, trigger, occupancy, admission) => {
    expect(admit(overlap, trigger, occupancy)).toBe(admission);
  });
});
