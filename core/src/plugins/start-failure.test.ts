import { AtollError, AuthError, ConfigError, NotReadyError } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { startFailure } from './start-failure.js';

describe('startFailure', () => {
  it.each([
    [new AuthError('wrong password'), { state: 'auth_required', reason: 'wrong password' }],
    [
      new ConfigError('server.url', 'points at itself'),
      { state: 'invalid_config', reason: 'server.url: points at itself' },
    ],
    [new AtollError('not_found', 'gone', { hint: 'Look' }), { state: 'failed', reason: 'gone. Look' }],
    [
      new AtollError('plugin_incompatible', 'brings an SDK'),
      { state: 'incompatible', reason: 'brings an SDK' },
    ],
    [new TypeError('bug'), { state: 'failed', reason: 'bug' }],
    ['text', { state: 'failed', reason: 'text' }],
  ])('reads %s', (error, failure) => expect(startFailure(error, 1, 0.5)).toEqual(failure));

  it('backs off from one second to five minutes', () => {
    const delays = [1, 2, 3, 9, 20, 500].map(
      (attempt) => startFailure(new NotReadyError('later'), attempt, 0.5).retryAfterMs,
    );
    expect(delays).toEqual([1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
  });

  it('waits as long as the plugin asks', () => {
    expect(startFailure(new NotReadyError('later', { retryAfterMs: 77 }), 9, 0).retryAfterMs).toBe(77);
  });
});
