import { describe, expect, it } from 'vitest';
import { planMigrations } from './migration-plan.js';

describe('a migration plan', () => {
  it.each([
    ['a new database', ['2', '1'], [], { pending: ['1', '2'], unknown: [], misplaced: [] }],
    ['one that is up to date', ['1', '2'], ['1', '2'], { pending: [], unknown: [], misplaced: [] }],
    ['one that is behind', ['1', '2', '3'], ['1'], { pending: ['2', '3'], unknown: [], misplaced: [] }],
    ['one from newer code', ['1'], ['1', '2'], { pending: [], unknown: ['2'], misplaced: [] }],
    [
      'one whose code was changed in between',
      ['1', '2'],
      ['2'],
      { pending: ['1'], unknown: [], misplaced: ['1'] },
    ],
  ])('for %s', (_name, known, applied, plan) => {
    expect(planMigrations(known, applied)).toEqual(plan);
  });
});
