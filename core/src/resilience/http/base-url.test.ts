import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BadRequest, BaseUrl } from './base-url.js';

const radarr = new BaseUrl('http://radarr.lan:7878/radarr');

describe('a path', () => {
  test.each([
    ['api/v3/tag', 'http://radarr.lan:7878/radarr/api/v3/tag'],
    ['/api/v3/tag', 'http://radarr.lan:7878/radarr/api/v3/tag'],
    ['', 'http://radarr.lan:7878/radarr'],
    ['?a=b', 'http://radarr.lan:7878/radarr?a=b'],
    ['/', 'http://radarr.lan:7878/radarr/'],
    ['/a?b=c', 'http://radarr.lan:7878/radarr/a?b=c'],
    ['/a#part', 'http://radarr.lan:7878/radarr/a'],
    ['/a/../b', 'http://radarr.lan:7878/radarr/b'],
    ['//evil.example/x', 'http://radarr.lan:7878/radarr//evil.example/x'],
    ['/AC%2FDC', 'http://radarr.lan:7878/radarr/AC%2FDC'],
    ['/..hidden', 'http://radarr.lan:7878/radarr/..hidden'],
    ['@evil.example/', 'http://radarr.lan:7878/radarr/@evil.example/'],
    ['http://radarr.lan:7878/radarr/api', 'http://radarr.lan:7878/radarr/api'],
  ])('%j is joined to the base', (path, url) => {
    expect(radarr.join(path).href).toBe(url);
  });

  test.each([
    '../sonarr/api',
    '/..',
    '/%2e%2e/sonarr',
    '/.%2E/',
    '\\..\\..\\',
    '/x/..%2f..%2fsonarr',
    '/x/..%5c..%5csonarr',
    'http://evil.example/radarr/',
    'https://radarr.lan:7878/radarr/',
    'http://radarr.lan/radarr/',
    'http://radarr.lan:7878/other',
    'http://radarr.lan:7878/radarrx',
    'http://me:pw@radarr.lan:7878/radarr/',
    'file:///etc/passwd',
  ])('%j is refused', (path) => {
    expect(() => radarr.join(path)).toThrow(BadRequest);
  });

  test('never leads anywhere else, whatever it is', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '/',
      '\\',
      '%2e',
      '%2f',
      '%5C',
      'a',
      ':',
      '@',
      '?',
      '#',
      'http:',
      ' ',
      '\t',
      'é',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        let url: URL;
        try {
          url = radarr.join(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(BadRequest);
          return;
        }
        expect(url.origin).toBe('http://radarr.lan:7878');
        expect(`${url.pathname}/`.startsWith('/radarr/')).toBe(true);
        const decoded = decodeURIComponent(url.pathname);
        expect(decoded.split(/[/\\]/)).not.toContain('..');
      }),
      { numRuns: 2000 },
    );
  });
});

test('a query takes arrays as repeated keys and leaves undefined out', () => {
  const url = radarr.join('/s?fixed=1', { q: 'a&b c', n: 0, on: false, id: [1, 'x'], gone: undefined });
  expect(url.search).toBe('?fixed=1&q=a%26b+c&n=0&on=false&id=1&id=x');
  expect(radarr.below(url)).toBe('/s?fixed=1&q=a%26b+c&n=0&on=false&id=1&id=x');
});

test('a user and password are taken out of the base', () => {
  const base = new BaseUrl('https://me:p%40ss@host/x');
  expect(base.credentials).toEqual({ user: 'me', password: 'p@ss' });
  expect(base.join('/y').href).toBe('https://host/x/y');
});

test.each(['', 'radarr.lan', 'ftp://host', 'http://', 'http://host/?key=1', 'http://host/#x'])(
  '%j is no base',
  (text) => {
    expect(() => new BaseUrl(text)).toThrow(BadRequest);
  },
);
