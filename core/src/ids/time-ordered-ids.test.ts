import { describe, expect, it } from 'vitest';
import { earliestId, TimeOrderedIds } from './time-ordered-ids.js';

const now = Date.UTC(2026, 0, 5);

describe('TimeOrderedIds', () => {
  it('makes UUIDs of version 7 that carry the time', () => {
    const id = new TimeOrderedIds().next(now);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(now);
  });

  it('makes ids that sort, many in one millisecond and with a clock that goes back', () => {
    const ids = new TimeOrderedIds();
    const made = Array.from({ length: 10_000 }, (_, n) => ids.next(now - n));
    expect(made).toEqual([...made].sort());
    expect(new Set(made).size).toBe(made.length);
  });

  it('goes on after the last id of another life', () => {
    const before = new TimeOrderedIds();
    for (let n = 0; n < 5000; n++) before.next(now);
    const last = before.next(now);
    const after = new TimeOrderedIds();
    after.continueAfter(last);
    expect(after.next(now - 1000) > last).toBe(true);
    after.continueAfter('no id at all');
    expect(after.next(now - 1000) > last).toBe(true);
  });

  it('knows the bound of a moment', () => {
    expect(earliestId(now) <= new TimeOrderedIds().next(now)).toBe(true);
    expect(earliestId(now + 1) > new TimeOrderedIds().next(now)).toBe(true);
    expect(earliestId(-5)).toBe('00000000-0000-7000-8000-000000000000');
  });
});
