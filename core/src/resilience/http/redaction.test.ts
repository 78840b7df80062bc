import { expect, test } from 'vitest';
import { Redaction } from './redaction.js';

test('takes out the values of private headers, with and without their scheme', () => {
  const redaction = new Redaction().addHeaders({
    'X-Api-Key': 'k3y-k3y',
    Authorization: `Basic ${Buffer.from('me:hunter2').toString('base64')}`,
    Accept: 'application/json',
  });
  expect(redaction.text('k3y-k3y hunter2 bWU6aHVudGVyMg== application/json')).toBe(
    '[redacted] [redacted] [redacted] application/json',
  );
});

test('finds a secret in its encoded forms', () => {
  const redaction = new Redaction().add('a b&c/d');
  expect(redaction.text('x=a%20b%26c%2Fd y=a+b%26c%2Fd z=a b&c/d')).toBe(
    'x=[redacted] y=[redacted] z=[redacted]',
  );
});

test('takes out a longer secret whole when a shorter one is part of it', () => {
  expect(new Redaction().add('abc').add('abcdef').text('abcdef abc')).toBe('[redacted] [redacted]');
});

test('cleans a whole chain of causes and drops everything else that hangs on it', () => {
  const inner = Object.assign(new Error('inner s3cret'), { code: 'ECONNRESET', request: 's3cret' });
  const cause = new Redaction().add('s3cret').cause(new TypeError('outer s3cret', { cause: inner }));
  expect(cause).toMatchObject({
    name: 'TypeError',
    message: 'outer [redacted]',
    cause: { message: 'inner [redacted]', code: 'ECONNRESET' },
  });
  expect(cause?.cause).not.toHaveProperty('request');
});

test('gives up on a chain without end', () => {
  const endless = new Error('x');
  endless.cause = endless;
  expect(new Redaction().cause(endless)).toBeInstanceOf(Error);
});
