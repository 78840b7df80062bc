import { describe, expect, it } from 'vitest';
import { earliestRunId, RunIds } from './run-ids.js';

const now = Date.UTC(2026, 0, 5);

describe('RunIds', () => {
  it('makes UUIDs of version 7 that carry the time', () => {
    const id = new RunIds().next(now);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(now);
  });

  it('makes ids that sort, many in one millisecond and with a clock that goes back', () => {
    const ids = new RunIds();
    const made = Array.from({ length: 10_000 }, (_, n) => ids.next(now - n));
    expect(made).toEqual([...made].sort());
    expect(new Set(made).size).toBe(made.length);
  });

  it('goes on after the last id of another life', () => {
    const before = new RunIds();
    for (let n = 0; n < 5000; n++) before.next(now);
    const last = before.next(now);
    const after = new RunIds();
    after.continueAfter(last);
    expect(after.next(now - 1000) > last).toBe(true);
    after.continueAfter('no id at all');
    expect(after.next(now - 1000) > last).toBe(true);
  });

  it('knows the bound of a moment', () => {
    expect(earliestRunId(now) <= new RunIds().next(now)).toBe(true);
    expect(earliestRunId(now + 1) > new RunIds().next(now)).toBe(true);
    expect(earliestRunId(-5)).toBe('00000000-0000-7000-8000-000000000000');
  });
});
