import { describe, expect, it } from 'vitest';
import { requestTarget } from './request-target.js';

describe('requestTarget', () => {
  it.each([
    ['/', { kind: 'host', url: '/' }],
    ['/api/v1/plugins?limit=1', { kind: 'host', url: '/api/v1/plugins?limit=1' }],
    ['/api/plugins', { kind: 'host', url: '/api/plugins' }],
    ['/api/plugins/demo', { kind: 'plugin', plugin: 'demo', url: '/' }],
    ['/api/plugins/demo/', { kind: 'plugin', plugin: 'demo', url: '/' }],
    ['/api/plugins/demo?a=1', { kind: 'plugin', plugin: 'demo', url: '/?a=1' }],
    ['/api/plugins/demo/a/b?c=d', { kind: 'plugin', plugin: 'demo', url: '/a/b?c=d' }],
    ['/api/plugins/', { kind: 'plugin', plugin: '', url: '/' }],
    ['http://evil.example/api/plugins/demo/a', { kind: 'plugin', plugin: 'demo', url: '/a' }],
    ['HTTPS://evil.example', { kind: 'host', url: '/' }],
    ['http://evil.example?x=1', { kind: 'host', url: '/?x=1' }],
  ])('sends %s to its mount', (url, target) => {
    expect(requestTarget(url, '')).toEqual(target);
  });

  it.each([
    ['/api/plugins/demo/../../v1/tokens', 'demo', '/../../v1/tokens'],
    ['/api/plugins/demo//a', 'demo', '//a'],
    ['/api/plugins/%64emo/a', '%64emo', '/a'],
    ['/api/plugins/demo%2Fa', 'demo%2Fa', '/'],
    ['/api/plugins/__proto__/a', '__proto__', '/a'],
    ['/api/plugins/demo\\..\\x', 'demo\\..\\x', '/'],
  ])('neither decodes nor normalises %s', (url, plugin, rest) => {
    expect(requestTarget(url, '')).toEqual({ kind: 'plugin', plugin, url: rest });
  });

  it.each([
    '//api/plugins/demo/a',
    '/api%2Fplugins/demo/a',
    '/API/plugins/demo',
    '/api/./plugins/demo',
    '/x/../api/plugins/demo',
  ])('does not take %s for a plugin', (url) => {
    expect(requestTarget(url, '')).toEqual({ kind: 'host', url });
  });

  it.each(['*', 'example.org:443', '', 'ftp://x/y'])('finds no path in "%s"', (url) => {
    expect(requestTarget(url, '')).toBeUndefined();
  });

  it.each([
    ['/home/atoll', '/'],
    ['/home/atoll?a=1', '/?a=1'],
    ['/home/atoll/api/v1/jobs', '/api/v1/jobs'],
    ['/api/v1/jobs', '/api/v1/jobs'],
    ['/home/atollon', '/home/atollon'],
    ['/home/atoll//x', '//x'],
  ])('takes the path of the public URL off %s where it is there', (url, rest) => {
    expect(requestTarget(url, '/home/atoll')).toEqual({ kind: 'host', url: rest });
  });
});
