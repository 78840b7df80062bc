import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  byteSize,
  cronExpression,
  duration,
  formatByteSize,
  formatDuration,
  httpUrl,
  parseByteSize,
  parseDuration,
  timeZone,
} from './config-fields.js';

describe('httpUrl', () => {
  it.each([
    ['http://nav:4533/', 'http://nav:4533'],
    ['https://music.example.org/base//', 'https://music.example.org/base'],
    ['  http://[::1]:80  ', 'http://[::1]:80'],
    ['HTTP://Nav', 'HTTP://Nav'],
  ])('accepts %j', (text, url) => expect(httpUrl().parse(text)).toBe(url));

  it.each([
    '',
    'localhost:4533',
    'nav',
    'ftp://nav',
    'http://',
    'http:///x',
    'http://a b',
    'http://nav/#top',
    'http://nav:99999',
  ])('refuses %j', (text) => expect(httpUrl().safeParse(text).success).toBe(false));
});

describe('cronExpression', () => {
  it.each(['0 4 * * *', '*/5 0-6 1,15 * MON-FRI', ' 30  2 * * 1 '])('accepts %j', (text) =>
    expect(cronExpression().safeParse(text).success).toBe(true),
  );
  it.each(['', '@daily', '* * * *', '0 0 4 * * *', '0 4 * * $'])('refuses %j', (text) =>
    expect(cronExpression().safeParse(text).success).toBe(false),
  );
  it('takes words for off only where it may', () => {
    expect(cronExpression({ off: true }).parse('Manual')).toBe('off');
    expect(cronExpression({ off: true }).parse('0 4 * * *')).toBe('0 4 * * *');
    expect(cronExpression().safeParse('off').success).toBe(false);
  });
});

describe('timeZone', () => {
  it.each(['UTC', 'Europe/Berlin', 'Etc/GMT+2'])('accepts %j', (text) =>
    expect(timeZone().parse(text)).toBe(text),
  );
  it.each(['', 'Europe/Berln', '+02:00', 'CEST-1'])('refuses %j', (text) =>
    expect(timeZone().safeParse(text).success).toBe(false),
  );
});

describe('duration', () => {
  it.each([
    ['6h', 21_600_000],
    ['1h30m', 5_400_000],
    ['1.5 s', 1_500],
    ['250ms', 250],
    ['2d', 172_800_000],
    ['10', 10],
    [10, 10],
  ])('reads %j', (value, ms) => expect(duration().parse(value)).toBe(ms));

  it('reads a bare number in its unit', () => {
    expect(duration({ unit: 's' }).parse('60')).toBe(60_000);
    expect(duration({ unit: 's' }).parse('60ms')).toBe(60);
  });

  it.each(['', '-5s', '5 minutes', '1e3', 'h', Number.NaN, -1])('refuses %j', (value) =>
    expect(duration().safeParse(value).success).toBe(false),
  );

  it('names the limit that a value crosses', () => {
    const field = duration({ min: 1_000, max: 60_000 });
    expect(field.safeParse('10ms').error?.issues[0]?.message).toBe('must be at least 1s');
    expect(field.safeParse('2h').error?.issues[0]?.message).toBe('must be at most 1m');
  });

  it('reads back what it formats', () => {
    fc.assert(fc.property(fc.nat(), (ms) => parseDuration(formatDuration(ms)) === ms));
  });
});

describe('byteSize', () => {
  it.each([
    ['10MB', 10 * 1024 ** 2],
    ['512 KiB', 512 * 1024],
    ['1g', 1024 ** 3],
    ['100', 100],
    ['7b', 7],
    [4096, 4096],
  ])('reads %j', (value, bytes) => expect(byteSize().parse(value)).toBe(bytes));

  it.each(['', 'ten', '10XB', '-1', -1, 'MB'])('refuses %j', (value) =>
    expect(byteSize().safeParse(value).success).toBe(false),
  );

  it('reads back what it formats', () => {
    fc.assert(fc.property(fc.nat(), (bytes) => parseByteSize(formatByteSize(bytes)) === bytes));
  });
});

it('keeps its format, unit and range in the JSON Schema', () => {
  const schema = z.toJSONSchema(z.object({ every: duration({ unit: 's', min: 1_000 }).prefault('1m') }), {
    io: 'input',
  });
  expect(schema.properties?.every).toMatchObject({
    type: ['number', 'string'],
    format: 'time-span',
    unit: 's',
    minimum: 1,
    default: '1m',
  });
});
