import { AtollError, UpstreamError } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { isPassingFailure } from './is-passing-failure.js';

describe('isPassingFailure', () => {
  it.each([
    [new UpstreamError('upstream_timeout', 'slow', { service: 'subsonic' }), true],
    [new AtollError('circuit_open', 'open'), true],
    [new AtollError('octogen_not_verified', 'other songs'), true],
    [new AtollError('disk_full', 'full'), false],
    [new AtollError('storage_unwritable', 'read-only'), false],
    [new TypeError('a mistake of ours'), false],
  ])('%s: %s', (error, passing) => {
    expect(isPassingFailure(error)).toBe(passing);
  });
});
