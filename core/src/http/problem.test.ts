import { AtollError, ConfigError, UpstreamError } from '@atoll/sdk';
import { describe, expect, it } from 'vitest';
import { problemOf, problemSchema, withoutSecrets } from './problem.js';

describe('problemOf', () => {
  it.each([
    ['bad_request', 400],
    ['not_found', 404],
    ['conflict', 409],
    ['too_many_requests', 429],
    ['disk_full', 507],
    ['not_ready', 503],
    ['circuit_open', 503],
    ['bulkhead_full', 503],
    ['timed_out', 504],
    ['upstream_timeout', 504],
    ['upstream_tls', 502],
    ['upstream_rate_limited', 502],
    ['job_refused', 409],
    ['octogen_something', 500],
    ['constructor', 500],
  ])('answers %s with %i', (code, status) => {
    const { problem } = problemOf(new AtollError(code, 'It went wrong.'), 'r1');
    expect(problem.status).toBe(status);
    expect(problem.code).toBe(code);
    expect(problemSchema.parse(problem)).toEqual(problem);
    expect(problem.error).toBe(problem.detail);
  });

  it('lets an error choose its own status', () => {
    expect(problemOf(new AtollError('octogen_locked', 'Locked.', { status: 409 }), 'r1').status).toBe(409);
  });

  it('adds the hint to what the caller reads', () => {
    const { problem } = problemOf(new AtollError('conflict', 'It runs already.', { hint: 'Wait.' }), 'r1');
    expect(problem.detail).toBe('It runs already. Wait.');
  });

  it('keeps message and hint apart where the message is no whole sentence', () => {
    const { problem } = problemOf(
      new AtollError('conflict', 'the job runs already', { hint: 'Wait.' }),
      'r1',
    );
    expect(problem.detail).toBe('the job runs already. Wait.');
  });

  it('hides secrets wherever an error may quote one', () => {
    const error = new ConfigError('url', 'hunter2 is refused.', { hint: 'Is hunter2 right?' });
    const shown = withoutSecrets(problemOf(error, 'r1').problem, (text) => text.replaceAll('hunter2', '***'));
    expect(shown).toMatchObject({
      detail: '*** is refused. Is *** right?',
      error: '*** is refused. Is *** right?',
      errors: [{ path: 'url', message: '*** is refused.', hint: 'Is *** right?' }],
    });
  });

  it('passes on how long to wait, in whole seconds', () => {
    const error = new UpstreamError('upstream_rate_limited', 'Slow down.', {
      service: 'x',
      retryAfterMs: 1200,
    });
    expect(problemOf(error, 'r1').retryAfter).toBe(2);
    expect(problemOf(new AtollError('unavailable', 'Soon.'), 'r1').retryAfter).toBe(5);
    expect(problemOf(new AtollError('bad_request', 'No.'), 'r1').retryAfter).toBeNull();
  });

  it('names the path of a config value', () => {
    const { problem } = problemOf(
      new ConfigError('navidrome.url', 'Not reachable.', { hint: 'Check it.' }),
      'r1',
    );
    expect(problem.errors).toEqual([{ path: 'navidrome.url', message: 'Not reachable.', hint: 'Check it.' }]);
  });

  it.each([
    [
      'an error of Node',
      Object.assign(new Error('ENOENT: no such file /data/secret.key'), { code: 'ENOENT' }),
    ],
    ['an AtollError without a caller', new AtollError('storage_unwritable', 'Cannot write /data/atoll.db')],
    ['a string', 'password=hunter2'],
    ['nothing', undefined],
    ['a 5xx of a library', Object.assign(new Error('/data/x'), { statusCode: 503 })],
  ])('hides %s', (_what, thrown) => {
    const { problem, fault } = problemOf(thrown, 'r1');
    expect(problem.status).toBe(500);
    expect(fault).toBe(true);
    expect(JSON.stringify(problem)).not.toMatch(/data|hunter2/);
    expect(problem.instance).toBe('urn:atoll:request:r1');
  });

  it.each([
    Object.assign(new Error('no space left on /data/atoll.db'), { code: 'ENOSPC' }),
    Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 }),
  ])('says that the disk is full', (error) => {
    const { problem, fault } = problemOf(error, 'r1');
    expect(problem).toMatchObject({ status: 507, code: 'disk_full' });
    expect(problem.detail).not.toContain('/data');
    expect(fault).toBe(true);
  });
});
