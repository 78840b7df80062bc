import { describe, expect, it } from 'vitest';
import type { LogLine } from './log-line.js';
import { Redactor } from './redactor.js';

const line = (fields: object): LogLine => ({
  timestamp: '2026-01-05T12:00:00.000Z',
  level: 'info',
  logger: 'atoll',
  message: '',
  ...fields,
});

describe('Redactor', () => {
  const secrets = ['hunter2!', 'a/b c+d', 'abc', 'hunter2!-and-more', '12345678'];
  const texts: [string, string, string][] = [
    ['a secret within a text', 'wrong: hunter2!.', 'wrong: ***.'],
    ['the longer of two that begin alike', 'x hunter2!-and-more y', 'x *** y'],
    ['a secret as a URL writes it', 'GET /?p=a%2Fb%20c%2Bd&v=1', 'GET /?p=***&v=1'],
    ['a secret as a form writes it', 'p=a%2Fb+c%2Bd', 'p=***'],
    ['a secret as hexadecimal', 'p=enc:68756e74657232 21'.replace(' ', ''), 'p=enc:***'],
    ['a short secret only where it is all', 'abc', '***'],
    ['nothing in a word that holds a short secret', 'the abcissa', 'the abcissa'],
    ['a bearer token', 'Authorization: Bearer abc.def-ghi_123', 'Authorization: Bearer ***'],
    ['credentials in a URL', 'https://me:pass@host/x', 'https://***@host/x'],
    ['an API key in a query', '/api?apikey=0123&x=1', '/api?apikey=***&x=1'],
    [
      'nothing in a text without secrets',
      'a token of thanks: see https://host/x@y',
      'a token of thanks: see https://host/x@y',
    ],
  ];
  it.each(texts)('removes %s', (_what, text, clean) => {
    expect(new Redactor(secrets).text(text)).toBe(clean);
  });

  it('removes the values of fields named like credentials, however deep and spelled', () => {
    const clean = new Redactor().line(
      line({
        headers: { Authorization: 'x', 'X-Api-Key': 'y', accept: 'json', 'set-cookie': ['a=1', 'b=2'] },
        list: [{ accessToken: 'z', password: 7, token: null, secret: true }],
      }),
    );
    expect(clean).toMatchObject({
      headers: { Authorization: '***', 'X-Api-Key': '***', accept: 'json', 'set-cookie': '***' },
      list: [{ accessToken: '***', password: '***', token: null, secret: true }],
    });
  });

  it('looks into keys, numbers, exceptions and their causes', () => {
    const clean = new Redactor(secrets).line(
      line({
        pin: 12345678,
        nested: { 'hunter2!': 1 },
        exception: {
          type: 'Error',
          message: 'hunter2!',
          stack: 'at hunter2!',
          cause: { message: 'hunter2!' },
        },
      }),
    );
    expect(JSON.stringify(clean)).not.toContain('hunter2');
    expect(clean.pin).toBe('***');
  });

  it('leaves the names that the host gives alone', () => {
    const clean = new Redactor(['octogen', 'info']).line(
      line({ logger: 'octogen', plugin: 'octogen', job: 'octogen/generate', message: 'octogen' }),
    );
    expect(clean).toMatchObject({
      level: 'info',
      plugin: 'octogen',
      job: 'octogen/generate',
      message: '***',
    });
  });

  it('leaves JSON as text valid', () => {
    const value = {
      a: 'he said "?token=abc"',
      b: 'x "http://me:p\\"w@h" y',
      c: 'Bearer 1234567"',
      d: 'qu"ote-secret',
    };
    const text = new Redactor(['qu"ote-secret']).text(JSON.stringify(value));
    expect(JSON.parse(text)).toMatchObject({ a: 'he said "?token=***"', c: 'Bearer ***"', d: '***' });
  });

  it('takes secrets later', () => {
    const redactor = new Redactor();
    redactor.add(['', 'late-secret']);
    expect(redactor.text('a late-secret')).toBe('a ***');
  });

  it('bounds what one line can hold', () => {
    const deep: Record<string, unknown> = {};
    let inner = deep;
    for (let level = 0; level < 50; level++) {
      const next = {};
      inner.x = next;
      inner = next;
    }
    const clean = new Redactor().line(line({ message: 'x'.repeat(100_000), deep }));
    expect(clean.message).toMatch(/^x{8192}… \(91808 more characters\)$/);
    expect(JSON.stringify(clean.deep)).toContain('…');
  });
});
