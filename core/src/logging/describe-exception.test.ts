import { AtollError } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { describeException } from './describe-exception.js';

describe('describeException', () => {
  it('tells type, message, code, stack and causes of an unexpected error', () => {
    const cause = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const seen = describeException(new TypeError('broken\n    at forged (x.js:1:1)', { cause }));
    expect(seen).toMatchObject({
      type: 'TypeError',
      message: 'broken\n    at forged (x.js:1:1)',
      cause: { type: 'Error', message: 'no space left', code: 'ENOSPC' },
    });
    expect(seen.stack).toMatch(/^at .*describe-exception\.test/);
    expect(seen.stack).not.toContain('forged');
  });

  it('leaves out the stack of an AtollError unless asked, and tells its hint', () => {
    const error = new AtollError('not_found', 'no such list', { hint: 'Look.' });
    expect(describeException(error)).toEqual({
      type: 'AtollError',
      message: 'no such list',
      code: 'not_found',
      hint: 'Look.',
    });
    expect(describeException(error, true).stack).toMatch(/^at /);
    expect(describeException(new AtollError('internal', 'bug')).stack).toMatch(/^at /);
  });

  it('ends chains that go on for ever', () => {
    const error = new Error('again');
    error.cause = error;
    let depth = 0;
    for (let at = describeException(error).cause; at; at = at.cause) depth++;
    expect(depth).toBe(5);
  });

  it('tells the parts of an AggregateError', () => {
    const error = new AggregateError([new Error('a'), 'b'], 'both failed');
    expect(describeException(error).errors).toMatchObject([
      { message: 'a' },
      { type: 'string', message: 'b' },
    ]);
  });

  it.each([
    ['a string', 'oops', 'string', 'oops'],
    ['nothing', undefined, 'undefined', 'undefined'],
    ['null', null, 'object', 'null'],
    ['a bare object', { reason: 1 }, 'object', '{"reason":1}'],
    ['an error of another realm', { name: 'RangeError', message: 'far' }, 'RangeError', 'far'],
    ['a symbol', Symbol('s'), 'symbol', 'Symbol(s)'],
  ])('takes %s', (_what, thrown, type, message) => {
    expect(describeException(thrown)).toMatchObject({ type, message });
  });
});
